/** The passkeys of a user: listing and removing them. */
import { Passkey } from '../../persistence/factors/passkey.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { transact, type Unit } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import { factorRemoved } from './factor-changes.ts';

export interface PasskeyView {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  backedUp: boolean;
  /** When it can sign in without a password; null: since it was added. */
  aloneFrom: Date | null;
}

/** @returns the passkeys of the user, the oldest first */
export async function listPasskeys({ em }: Unit, userId: string): Promise<PasskeyView[]> {
  const passkeys = await em.fork().find(Passkey, { user: userId }, { orderBy: { id: 'asc' } });
  return passkeys.map(passkeyView);
}

/** @throws Refusal UNAUTHENTICATED, REAUTHENTICATION_REQUIRED, NOT_FOUND also for passkeys of other users */
export async function removePasskey(unit: FactorDeps, caller: Caller, id: string): Promise<void> {
  const viewer = viewerOf(caller);
  if (!isId(id)) throw new Refusal('NOT_FOUND');
  await transact<void>(unit, caller, async (transaction) => {
    const { tx, now } = transaction;
    const user = await lockViewer(tx, viewer, now);
    if (await isUnproven(tx, user, viewer.session.id)) {
      return new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
    }
    await lockProvenSessions(tx, user.id);
    if ((await tx.nativeDelete(Passkey, { id, user: user.id })) === 0) return new Refusal('NOT_FOUND');
    await factorRemoved(unit, transaction, caller, user, { method: 'PASSKEY', passkeyId: id });
    return undefined;
  });
}

type StoredPasskey = Omit<PasskeyView, 'lastUsedAt' | 'aloneFrom'> & Partial<Pick<Passkey, 'lastUsedAt' | 'aloneFrom'>>;

export function passkeyView({ id, name, createdAt, lastUsedAt, backedUp, aloneFrom }: StoredPasskey): PasskeyView {
  return { id, name, createdAt, lastUsedAt: lastUsedAt ?? null, backedUp, aloneFrom: aloneFrom ?? null };
}
