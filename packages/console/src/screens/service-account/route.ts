/** `/console/service-accounts/$id`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';

export const serviceAccountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'service-accounts/$id',
  component: lazyRouteComponent(() => import('./service-account-screen.tsx'), 'ServiceAccountScreen'),
});
