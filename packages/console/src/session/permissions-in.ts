/** The permissions in an access token. They only save time: the gateway checks the token, and what it allows. */

/** @returns none for a text that is no access token */
export function permissionsIn(token: string): readonly string[] {
  const [, payload = ''] = token.split('.');
  try {
    const { scope }: { scope?: unknown } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof scope === 'string' ? scope.split(' ') : [];
  } catch {
    return [];
  }
}
