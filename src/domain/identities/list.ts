/** The identities of users as the API shows them. Identities of a provider that is no longer configured are omitted. */
import { Identity } from '../../persistence/identities/identity.ts';
import type { IdentityDeps } from './deps.ts';
import { type Federation, type Provider, providerById, providerIds } from './provider.ts';

export interface IdentityView {
  id: string;
  provider: Provider;
  email: string | null;
  subjectHint: string;
  linkedAt: Date;
  lastUsedAt: Date | null;
}

type Deps = Pick<IdentityDeps, 'em'> & { settings: Pick<IdentityDeps['settings'], 'federation'> };

/** Enough to tell two identities apart, and no more. */
const hintLength = 4;

/** @returns the identities of each user in the order of the ids, the oldest first */
export async function identitiesOfUsers(
  { em, settings: { federation } }: Deps,
  userIds: readonly string[],
): Promise<IdentityView[][]> {
  const where = { user: [...userIds], providerId: providerIds(federation) };
  const identities = await em.fork().find(Identity, where, { orderBy: { id: 'asc' } });
  const byUser = Map.groupBy(identities, ({ user }) => user.id);
  return userIds.map((id) => (byUser.get(id) ?? []).flatMap((identity) => viewOf(federation, identity)));
}

function viewOf(federation: Federation, identity: Identity): IdentityView[] {
  const { id, providerId, email, subject, linkedAt, lastUsedAt } = identity;
  const provider = providerById(federation, providerId);
  if (!provider) return [];
  const seen = { linkedAt, lastUsedAt: lastUsedAt ?? null };
  return [{ id, provider, email: email ?? null, subjectHint: `…${subject.slice(-hintLength)}`, ...seen }];
}
