/** The identities of users as the API shows them. Identities of a provider that left the file are omitted. */
import { Identity } from '../../persistence/identities/identity.ts';
import type { IdentityDeps } from './deps.ts';
import { providersOf } from './find-provider.ts';
import type { PublicProvider } from './provider.ts';

export interface IdentityView {
  id: string;
  provider: PublicProvider;
  email: string | null;
  subjectHint: string;
  linkedAt: Date;
  lastUsedAt: Date | null;
}

type Deps = Pick<IdentityDeps, 'em'> & { settings: Pick<IdentityDeps['settings'], 'federation'> };

/** Enough to tell two identities apart, and no more. */
const hintLength = 4;

/** @returns the identities of each user in the order of the ids, the oldest first */
export async function identitiesOfUsers(deps: Deps, userIds: readonly string[]): Promise<IdentityView[][]> {
  const em = deps.em.fork();
  const identities = await em.find(Identity, { user: [...userIds] }, { orderBy: { id: 'asc' } });
  const ids = identities.map(({ providerId }) => providerId);
  const providers = await providersOf(deps, em, ids);
  const byUser = Map.groupBy(identities, ({ user }) => user.id);
  return userIds.map((id) => (byUser.get(id) ?? []).flatMap((identity) => viewOf(providers, identity)));
}

function viewOf(providers: ReadonlyMap<string, PublicProvider>, identity: Identity): IdentityView[] {
  const { id, providerId, email, subject, linkedAt, lastUsedAt } = identity;
  const provider = providers.get(providerId);
  if (!provider) return [];
  const seen = { linkedAt, lastUsedAt: lastUsedAt ?? null };
  return [{ id, provider, email: email ?? null, subjectHint: `…${subject.slice(-hintLength)}`, ...seen }];
}
