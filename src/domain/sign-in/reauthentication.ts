/**
 * Authenticates the user of a session again (ASVS 7.5.1): the session gets a fresh time of authentication and new tokens.
 * The permission map says which operations demand it.
 */
import { findSessionState } from '../../persistence/sessions/session-state.ts';
import { readAssertion } from '../../security/factors/assertion.ts';
import { type AuthMethod, type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { spendOwnCode } from '../factors/own-codes.ts';
import { useIdentity } from '../identities/links.ts';
import { type ExchangeCode, redeemCode, usedIdentity } from '../identities/redeem.ts';
import type { UsedIdentity } from '../identities/sealed.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { type AuthSession, issueTokens } from '../sessions/auth-session.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { assertMailCode, type OwnMailCode, useMailCode } from './own-mail-code.ts';
import { proveOwnPasskey } from './own-passkey.ts';
import { assertPassword } from './own-password.ts';
import { renewAuthentication, revoked } from './renewal.ts';

export interface ReauthenticationRequest {
  password?: string | null | undefined;
  /** `AuthenticationResponseJSON`, unchecked. */
  passkey?: unknown;
  /** Of a flow of this session with the purpose `REAUTHENTICATE`. */
  federated?: ExchangeCode | null | undefined;
  /** Of `beginReauthenticationCode` in this session. */
  emailCode?: OwnMailCode | null | undefined;
  code?: string | null | undefined;
}

/**
 * A passkey, a code of the authenticator app and a backup code raise the session to AAL2. With password and code, a wrong
 * password leaves the code unspent.
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT without a proof and with two of them, INVALID_CREDENTIALS,
 *   INVALID_TOKEN, INVALID_MFA_CODE, MFA_NOT_ENABLED, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function reauthenticate(
  unit: SignInDeps,
  caller: Caller,
  request: ReauthenticationRequest,
): Promise<AuthSession> {
  const { password, code, federated, emailCode } = request;
  const viewer = viewerOf(caller);
  assertOneProof(request);
  const before = await findSessionState(unit.em, viewer.session.id);
  const generation = before?.generation ?? 0;
  if (password != null) await assertPassword(unit, caller, password, 'input.password');
  const mailed = emailCode == null ? null : await assertMailCode(unit, caller, emailCode);
  const identity = federated == null ? null : await redeemOwn(unit, caller, federated);
  const renew = async (transaction: Transaction, user: LockedUser, codeProof: FactorProof | null) => {
    const passkey = await provenPasskey(unit, transaction, caller, user, request);
    if (passkey instanceof Refusal) return passkey;
    const factors = [codeProof, passkey].filter((factor) => factor !== null);
    const refused =
      (mailed && (await useMailCode(unit, transaction, user, mailed))) ??
      (identity && (await useIdentity(unit, transaction, caller, user, identity)));
    if (refused) return refused;
    const methods: AuthMethod[] = [
      ...(password != null ? ['PASSWORD' as const] : []),
      ...(identity ? ['FEDERATED' as const] : []),
      ...(mailed ? ['EMAIL_CODE' as const] : []),
    ];
    return renewAuthentication(transaction, viewer, { generation, methods, factors });
  };
  if (code != null) await spendOwnCode<void>(unit, caller, { code }, renew);
  else
    await transact<void>(unit, caller, async (transaction) =>
      renew(transaction, await lockViewer(transaction.tx, viewer, transaction.now), null),
    );
  const state = await findSessionState(unit.em, viewer.session.id);
  if (!state) throw revoked();
  return issueTokens(unit, caller, state, state.generation);
}

function provenPasskey(
  unit: SignInDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { passkey }: ReauthenticationRequest,
): Promise<FactorProof | Refusal> | null {
  return passkey == null ? null : proveOwnPasskey(unit, transaction, caller, user, readAssertion(passkey));
}

/** @throws Refusal INVALID_TOKEN */
async function redeemOwn(unit: SignInDeps, caller: Caller, exchange: ExchangeCode): Promise<UsedIdentity> {
  const sessionId = viewerOf(caller).session.id;
  return usedIdentity(await redeemCode(unit, caller, exchange, { purpose: 'REAUTHENTICATE', sessionId }), null);
}

/** The code can stand alone, and beside one other proof. */
function assertOneProof({ password, passkey, federated, emailCode, code }: ReauthenticationRequest): void {
  const proofs = [password, passkey, federated, emailCode].filter((proof) => proof != null).length;
  if (proofs === 1 || (proofs === 0 && code != null)) return;
  const message =
    proofs === 0
      ? 'Enter the password, use a passkey or a provider, or enter a code of a mail or of your authenticator app.'
      : 'Send the password, the passkey, the provider or the code of a mail, not several of them.';
  const problem = { path: 'input', code: proofs === 0 ? 'REQUIRED' : 'TOO_MANY', message };
  throw new Refusal('BAD_USER_INPUT', { fields: [problem] });
}
