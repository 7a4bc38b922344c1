/** Lists live sessions. */
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { type Caller, type Session, viewerOf } from '../caller.ts';
import { isId } from '../ids.ts';
import { type Page, type PageRequest, readPage } from '../page.ts';
import type { Unit } from '../transaction.ts';
import { presentProof, provenFactorsOf } from './factor-proof.ts';

/** The live sessions of the caller, newest first. @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT */
export function listSessions({ em, clock }: Unit, caller: Caller, request: PageRequest): Promise<Page<Session>> {
  const viewer = viewerOf(caller);
  const where = { user: viewer.id, revokedAt: null, expiresAt: { $gt: clock.now() } };
  return readPage(request, {
    find: ({ keyset, orderBy, limit }) => em.fork().find(TokenFamily, { ...where, ...keyset }, { orderBy, limit }),
    count: () => em.fork().count(TokenFamily, where),
    toNode: (family) => sessionFrom(family, viewer.session.id),
  });
}

/** The live sessions of each user, newest first. Not paged: a user has at most twenty. */
export async function sessionsOfUsers(
  { em, clock }: Unit,
  caller: Caller,
  userIds: readonly string[],
): Promise<Session[][]> {
  const currentId = caller.viewer?.session.id ?? null;
  const living = { user: [...userIds], revokedAt: null, expiresAt: { $gt: clock.now() } };
  const families = await em.fork().find(TokenFamily, living, { orderBy: { id: 'desc' } });
  const byUser = Map.groupBy(families, ({ user }) => user.id);
  return userIds.map((id) => (byUser.get(id) ?? []).map((family) => sessionFrom(family, currentId)));
}

/** @returns the user of each session, in their order, also of ended ones; null for an unknown session */
export async function ownersOfSessions({ em }: Unit, ids: readonly string[]): Promise<(string | null)[]> {
  const families = await em.fork().find(TokenFamily, { id: ids.filter(isId) });
  const owners = new Map(families.map(({ id, user }) => [id, user.id]));
  return ids.map((id) => owners.get(id) ?? null);
}

function sessionFrom(family: TokenFamily, currentId: string | null): Session {
  return {
    id: family.id,
    current: family.id === currentId,
    createdAt: family.createdAt,
    lastUsedAt: family.rotatedAt,
    expiresAt: family.expiresAt,
    ipAddress: family.ipAddress ?? null,
    userAgent: family.userAgent ?? null,
    deviceName: family.deviceName ?? null,
    authenticatedAt: family.authenticatedAt,
    location: family.country == null ? null : { country: family.country, city: family.city ?? null },
    risk: family.risk ?? null,
    ...presentProof(provenFactorsOf(family)),
  };
}
