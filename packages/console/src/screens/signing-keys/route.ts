/** `/console/signing-keys`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';

export const signingKeysRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'signing-keys',
  component: lazyRouteComponent(() => import('./signing-keys-screen.tsx'), 'SigningKeysScreen'),
});
