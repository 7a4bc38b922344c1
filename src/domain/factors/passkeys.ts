/** The passkeys of a user: lists, renames and removes them. */
import { Passkey } from '../../persistence/factors/passkey.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { transact, type Unit } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import { factorRemoved } from './factor-changes.ts';
import { assertWayIn } from './sign-in-methods.ts';

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

/** @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND also for passkeys of other users */
export async function renamePasskey(
  unit: Unit,
  caller: Caller,
  { id, name: text }: { id: string; name: string },
): Promise<PasskeyView> {
  const viewer = viewerOf(caller);
  const name = checkedPasskeyName(text);
  if (!isId(id)) throw new Refusal('NOT_FOUND');
  return transact<PasskeyView>(unit, caller, async ({ tx, now, audit }) => {
    const user = await lockViewer(tx, viewer, now);
    const passkey = await tx.findOne(Passkey, { id, user: user.id });
    if (!passkey) return new Refusal('NOT_FOUND');
    passkey.name = name;
    audit({ action: 'passkey.renamed', target: { type: 'user', id: user.id }, details: { passkeyId: id } });
    return passkeyView(passkey);
  });
}

/**
 * @throws Refusal UNAUTHENTICATED, REAUTHENTICATION_REQUIRED, NOT_FOUND also for passkeys of other users, CONFLICT for
 *   the last way in
 */
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
    await assertWayIn(unit, tx, user.id, now);
    await factorRemoved(unit, transaction, caller, user, { method: 'PASSKEY', passkeyId: id });
    return undefined;
  });
}

/** @throws Refusal BAD_USER_INPUT */
export function checkedPasskeyName(text: string): string {
  const name = normaliseDisplayName(text);
  const path = 'input.name';
  const missing = { path, code: 'REQUIRED', message: 'Enter a name for the passkey.' };
  const fields = name === null ? [missing] : displayNameProblems(name, path);
  if (name === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return name;
}

type StoredPasskey = Omit<PasskeyView, 'lastUsedAt' | 'aloneFrom'> & Partial<Pick<Passkey, 'lastUsedAt' | 'aloneFrom'>>;

export function passkeyView({ id, name, createdAt, lastUsedAt, backedUp, aloneFrom }: StoredPasskey): PasskeyView {
  return { id, name, createdAt, lastUsedAt: lastUsedAt ?? null, backedUp, aloneFrom: aloneFrom ?? null };
}
