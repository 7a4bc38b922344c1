/**
 * Where the user continues after signing in: `?returnTo=`. Kept for this tab, because a sign-in with a provider leaves the page.
 */
import { gateway } from '../../../pages/gateway.ts';

const key = 'postern.returnTo';
const ownPages = ['account', 'console'].map((name) => `${gateway.base}/${name}/`);

/** @returns the address to continue at, or null: it is neither one of RETURN_URLS nor a page of the gateway */
export function allowedReturn(text: string): string | null {
  if (gateway.returnUrls.includes(text)) return text;
  // A browser reads a backslash as a slash: only the resolved address says where it leads.
  if (!text.startsWith('/') || !URL.canParse(text, window.location.origin)) return null;
  const { origin, pathname, search, hash } = new URL(text, window.location.origin);
  const isOwn = origin === window.location.origin && ownPages.some((start) => pathname.startsWith(start));
  return isOwn ? pathname + search + hash : null;
}

/** Takes the address out of the query. @returns whether it had to be ignored */
export function rememberReturn(): boolean {
  const asked = new URLSearchParams(window.location.search).get('returnTo');
  if (asked === null) return false;
  const allowed = allowedReturn(asked);
  if (allowed !== null) window.sessionStorage.setItem(key, allowed);
  else window.sessionStorage.removeItem(key);
  return allowed === null;
}

/** @returns the address, once; null: there is none */
export function takeReturn(): string | null {
  const target = allowedReturn(window.sessionStorage.getItem(key) ?? '');
  window.sessionStorage.removeItem(key);
  return target;
}

export function returnToHere(): void {
  window.sessionStorage.setItem(key, window.location.pathname);
}
