/** `/console/providers`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';

export const providersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'providers',
  component: lazyRouteComponent(() => import('./providers-screen.tsx'), 'ProvidersScreen'),
});
