/** `/console/users`: the filters, the order and the page are in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operation } from '../../data/operation.ts';
import { prefetch } from '../../data/prefetch.ts';
import { queryClient } from '../../data/query-client.ts';
import { UsersDocument } from '../../generated/operations.ts';
import { rootRoute } from '../../root-route.ts';
import { usersSearch, variablesOf } from './search.ts';

export const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'users',
  validateSearch: usersSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    const query = operation('users', UsersDocument, variablesOf(deps, Date.now()));
    void prefetch('users', () => queryClient.prefetchQuery(query));
  },
  component: lazyRouteComponent(() => import('./users-screen.tsx'), 'UsersScreen'),
});
