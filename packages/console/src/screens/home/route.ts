/** `/console/`: continues at the first page that the role opens. */
import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../root-route.ts';
import { Home } from './home.tsx';

export const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });
