/** `/console/users/$id`: the tab is in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';
import { userSearchParams } from './search.ts';

export const userRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'users/$id',
  validateSearch: userSearchParams,
  component: lazyRouteComponent(() => import('./user-screen.tsx'), 'UserScreen'),
});
