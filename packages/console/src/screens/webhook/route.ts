/** `/console/webhooks/$id`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';

export const webhookRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'webhooks/$id',
  component: lazyRouteComponent(() => import('./webhook-screen.tsx'), 'WebhookScreen'),
});
