/** `PUBLIC_URL` may have a path, which stands before `/console`. */

/** @param path of a page of the console @returns what stands before `/console`: empty, or for example `/auth` */
export function publicPathIn(path: string): string {
  const [, before = ''] = /^(.*?)\/console(?:\/|$)/.exec(path) ?? [];
  return before;
}
