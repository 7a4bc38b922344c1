/**
 * Authenticates the user of a session again (ASVS 7.5.1): the session gets a fresh time of authentication and new tokens.
 * The permission map says which operations demand it.
 */
import { LockMode } from '../../persistence/entity-manager.ts';
import { findSessionState } from '../../persistence/sessions/session-state.ts';
import { type AuthMethod, TokenFamily } from '../../persistence/sessions/token-family.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { spendOwnCode } from '../factors/own-codes.ts';
import { lockUser } from '../locked-user.ts';
import { type AuthSession, earlier, issueTokens } from '../sessions/auth-session.ts';
import { type FactorProof, presentProof, provenFactorsOf, recordProof } from '../sessions/factor-proof.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { assertPassword } from './own-password.ts';

export interface ReauthenticationRequest {
  password?: string | null | undefined;
  code?: string | null | undefined;
}

interface Renewal {
  /** The generation of the refresh token when the request began. */
  generation: number;
  byPassword: boolean;
  factor: FactorProof | null;
}

/**
 * A code of the authenticator app or a backup code raises the session to AAL2. With both, a wrong password leaves the
 * code unspent.
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT without either, INVALID_CREDENTIALS, INVALID_MFA_CODE,
 *   MFA_NOT_ENABLED, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function reauthenticate(
  unit: SignInDeps,
  caller: Caller,
  { password, code }: ReauthenticationRequest,
): Promise<AuthSession> {
  const viewer = viewerOf(caller);
  if (password == null && code == null) throw nothingGiven();
  const before = await findSessionState(unit.em, viewer.session.id);
  if (password != null) await assertPassword(unit, caller, password, 'input.password');
  const renewal = { generation: before?.generation ?? 0, byPassword: password != null };
  if (code == null) {
    await transact<void>(unit, caller, (transaction) => renew(transaction, viewer, { ...renewal, factor: null }));
  } else {
    await spendOwnCode<void>(unit, caller, { code }, (transaction, _user, factor) =>
      renew(transaction, viewer, { ...renewal, factor }),
    );
  }
  const state = await findSessionState(unit.em, viewer.session.id);
  if (!state) throw revoked();
  return issueTokens(unit, caller, state, state.generation);
}

/** @returns a refusal when the session was revoked in the meantime */
async function renew(transaction: Transaction, viewer: Viewer, renewal: Renewal): Promise<Refusal | undefined> {
  const { tx, now, audit } = transaction;
  const { byPassword, factor } = renewal;
  // The user before the session, as in all transactions that lock both.
  const user = await lockUser(tx, viewer.id, { status: 'ACTIVE' });
  const living = { id: viewer.session.id, revokedAt: null, expiresAt: { $gt: now } };
  const family = user && (await tx.findOne(TokenFamily, living, { lockMode: LockMode.PESSIMISTIC_WRITE }));
  if (!family) return revoked();
  rotate(family, renewal, now);
  family.authenticatedAt = now;
  if (byPassword) family.methods = [...new Set<AuthMethod>([...family.methods, 'PASSWORD'])];
  if (factor) recordProof(tx, family, factor);
  const methods = [...(byPassword ? ['PASSWORD'] : []), ...(factor ? [factor.method] : [])];
  const { assurance } = presentProof(provenFactorsOf(family));
  audit({
    action: 'session.reauthenticated',
    target: { type: 'session', id: family.id },
    details: { methods, assurance, generation: family.generation },
  });
  return undefined;
}

/**
 * Rotates the refresh token, unless a parallel request rotated it since this one began (another tab, a double click):
 * both then get the same token.
 */
function rotate(family: TokenFamily, { generation }: Renewal, now: Date): void {
  if (family.generation !== generation) return;
  family.confirmedGeneration ??= family.generation;
  family.generation += 1;
  family.rotatedAt = now;
  family.expiresAt = earlier(secondsAfter(now, family.slidingSeconds), family.absoluteExpiresAt);
}

function revoked(): Refusal {
  return new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
}

function nothingGiven(): Refusal {
  const message = 'Enter the password, a code of your authenticator app, or both.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input', code: 'REQUIRED', message }] });
}
