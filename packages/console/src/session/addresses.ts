/** Addresses on the origin of the gateway. `PUBLIC_URL` may have a path: it stands before `/console`. */

/** @param path of a page of the console @returns what stands before `/console`: empty, or `/auth` */
export function publicPathIn(path: string): string {
  const [, before = ''] = /^(.*?)\/console(?:\/|$)/.exec(path) ?? [];
  return before;
}

export const publicPath = publicPathIn(window.location.pathname);

/** An address of the account pages. */
export function accountAddress(path: 'security' | 'profile'): string {
  return `${publicPath}/account/${path}`;
}
