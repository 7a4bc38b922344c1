/**
 * Where the user is, below /account/. The pages have fixed paths, so this replaces a router: with one, the first load of the sign-in page
 * would exceed its budget of 95 kB.
 */
import { type MouseEvent, useSyncExternalStore } from 'react';
import { gateway } from '../../../pages/gateway.ts';
import { type Path, paths } from '../paths.ts';

const base = `${gateway.base}/account/`;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The gateway serves known paths only. */
export function currentPath(): Path {
  const name = window.location.pathname.slice(base.length).replace(/\/$/, '');
  return paths.find((path) => path === name) ?? 'sign-in';
}

export function usePath(): Path {
  return useSyncExternalStore(subscribe, currentPath);
}

export function hrefOf(path: Path): string {
  return base + path;
}

interface NavigateOptions {
  /** The present page does not stay in the history. */
  replace?: boolean;
}

export function navigate(path: Path, { replace = false }: NavigateOptions = {}): void {
  if (replace) window.history.replaceState(null, '', hrefOf(path));
  else window.history.pushState(null, '', hrefOf(path));
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** For the click handler of a link: other buttons and keys keep their meaning, such as a new tab. */
export function follow(path: Path): (event: MouseEvent) => void {
  return (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(path);
  };
}
