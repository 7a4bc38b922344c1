/** `/console/roles`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';

export const rolesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'roles',
  component: lazyRouteComponent(() => import('./roles-screen.tsx'), 'RolesScreen'),
});
