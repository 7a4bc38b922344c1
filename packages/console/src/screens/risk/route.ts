/** `/console/risk`: the period is in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';
import { riskSearch } from './search.ts';

export const riskRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'risk',
  validateSearch: riskSearch,
  component: lazyRouteComponent(() => import('./risk-screen.tsx'), 'RiskScreen'),
});
