/** `/console/overview`: the period is in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';
import { overviewSearch } from './search.ts';

export const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'overview',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./overview-screen.tsx'), 'OverviewScreen'),
});
