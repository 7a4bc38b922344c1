/** `/console/users`: the filters, the order and the page are in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';
import { usersSearch } from './search.ts';

export const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'users',
  validateSearch: usersSearch,
  component: lazyRouteComponent(() => import('./users-screen.tsx'), 'UsersScreen'),
});
