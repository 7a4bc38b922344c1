/** Signs the administrator out. */
import { client } from './client.ts';

/** Ends the session here in every case; `onSessionEnd` then leaves the page. The gateway may be away: it expires there. */
export function signOut(): Promise<unknown> {
  return client.logout().catch(() => undefined);
}
