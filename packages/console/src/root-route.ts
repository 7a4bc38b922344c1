/** The root of all routes: the frame, and what it shows for an unknown address or a page that fails. */
import { createRootRoute } from '@tanstack/react-router';
import { Shell } from './shell/shell.tsx';
import { Crashed, NotFound } from './states/not-found.tsx';

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: Crashed,
});
