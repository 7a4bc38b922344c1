/** `/console/audit`: the period, the filters and the selected entry are in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { prefetch } from '../../data/prefetch.ts';
import { queryClient } from '../../data/query-client.ts';
import { rootRoute } from '../../root-route.ts';
import { entriesOf } from './entries-query.ts';
import { auditSearch, filterOf, startOfMinute } from './search.ts';

export const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'audit',
  validateSearch: auditSearch,
  loaderDeps: ({ search: { entry, ...filters } }) => filters,
  loader: ({ deps }) => {
    const query = entriesOf(filterOf(deps, startOfMinute(Date.now())));
    void prefetch('audit', () => queryClient.prefetchInfiniteQuery(query));
  },
  component: lazyRouteComponent(() => import('./audit-screen.tsx'), 'AuditScreen'),
});
