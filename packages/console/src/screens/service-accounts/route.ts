/** `/console/service-accounts`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';

export const serviceAccountsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'service-accounts',
  component: lazyRouteComponent(() => import('./service-accounts-screen.tsx'), 'ServiceAccountsScreen'),
});
