/** `/console/access`: the user of the question is in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { defined, type Params, textParam } from '../../data/search-params.ts';
import { rootRoute } from '../../root-route.ts';

export interface AccessSearch {
  /** The id of a user. */
  user?: string | undefined;
}

function accessSearch(params: Params): AccessSearch {
  return defined({ user: textParam(params.user, 64) });
}

export const accessRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'access',
  validateSearch: accessSearch,
  component: lazyRouteComponent(() => import('./access-screen.tsx'), 'AccessScreen'),
});
