/** Lists API keys that are neither revoked nor expired, newest first. */
import { ApiKey } from '../../persistence/applications/api-key.ts';
import type { Machine } from '../caller.ts';
import { type Page, type PageRequest, readPage } from '../page.ts';
import type { Unit } from '../transaction.ts';
import { type ApiKeyView, keyView } from './key-view.ts';

/** @throws Refusal BAD_USER_INPUT */
export function listKeys(
  { em, clock }: Unit,
  owner: { user: string } | { serviceAccount: string },
  request: PageRequest,
): Promise<Page<ApiKeyView>> {
  const now = clock.now();
  const where = { ...owner, revokedAt: null, expiresAt: { $gt: now } };
  return readPage(request, {
    find: ({ keyset, orderBy, limit }) => em.fork().find(ApiKey, { ...where, ...keyset }, { orderBy, limit }),
    count: () => em.fork().count(ApiKey, where),
    toNode: (key) => keyView(key, now),
  });
}

/** The key that a program calls with; null: it calls with a token of `/oauth/token`. */
export async function keyOfMachine({ em, clock }: Unit, { apiKeyId }: Machine): Promise<ApiKeyView | null> {
  const key = apiKeyId === null ? null : await em.fork().findOne(ApiKey, { id: apiKeyId });
  return key && keyView(key, clock.now());
}
