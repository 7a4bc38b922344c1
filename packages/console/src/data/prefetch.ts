/** Asks for what a page shows while its code and the user are still loading. */
import { type NavigationPage, permissionOf } from '../navigation.ts';
import { client } from '../session/client.ts';
import { permissionsIn } from '../session/permissions-in.ts';

/**
 * Asks only where the access token has the permission of the page: the gateway records a refused request in the audit trail.
 * @param ask has to put its answer into the cache, and must not reject
 */
export async function prefetch(page: NavigationPage['name'], ask: () => Promise<void>): Promise<void> {
  const token = await client.session.accessToken().catch(() => null);
  if (token !== null && permissionsIn(token).includes(permissionOf(page))) await ask();
}
