/** `/console/settings`: the filter is in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { defined, textParam } from '../../data/search-params.ts';
import { rootRoute } from '../../root-route.ts';

export interface SettingsSearch {
  /** A part of the name. */
  q?: string | undefined;
}

export const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'settings',
  validateSearch: (params: Record<string, unknown>): SettingsSearch => defined({ q: textParam(params.q, 64) }),
  component: lazyRouteComponent(() => import('./settings-screen.tsx'), 'SettingsScreen'),
});
