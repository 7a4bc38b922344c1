/** Proves a password. Unknown addresses, wrong passwords and accounts without a password take the same time. */
import { findPasswords } from '../../persistence/accounts/accounts-by-address.ts';
import { algorithmOf } from '../../security/foreign-hashes/readers.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import type { Attempt } from '../attempts/attempt.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { SessionOptions } from '../sessions/start.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, Proof, Rejected } from './proof.ts';
import { reserveAttemptAt } from './sign-in-attempt.ts';

type Reason = AuditDetails['login.refused']['reason'];

/** The attempt was refused before the password was checked. */
const denials: ReadonlySet<Reason> = new Set(['locked', 'source_limited', 'captcha']);

interface PasswordClaim extends Claim {
  /** The hash that the password matched. */
  passwordHash: string;
  /** The hash by current parameters, where the stored one is outdated. */
  rehashed: string | null;
}

export interface PasswordRequest extends Omit<SessionOptions, 'trustedDevice'>, Pick<Claim, 'delivery'> {
  email: string;
  password: string;
}

interface RejectedPassword extends Rejected<Reason> {
  /** Whether the address belongs to an account; a registration is none. */
  hasAccount: boolean;
}

export interface PasswordProof extends Proof<Reason, PasswordClaim> {
  prove(attempt: Attempt): Promise<PasswordClaim | RejectedPassword>;
}

export function passwordProof(unit: SignInDeps, caller: Caller, request: PasswordRequest): PasswordProof {
  const refused = (reason: Reason) => recordRefusal(unit, caller, request.email, reason);
  return {
    reserve: () => reserveAttemptAt(unit, caller, request.email, { refused, captcha: () => refused('captcha') }),
    prove: ({ trustedDevice }) => prove(unit, request, trustedDevice),
    holds: (user, { passwordHash, rehashed }) =>
      user.passwordHash === passwordHash && rehashed === null ? { methods: ['PASSWORD'], factor: null } : null,
    async spend({ audit }, user, { passwordHash, rehashed }) {
      if ((user.passwordHash ?? null) !== passwordHash) return null;
      if (rehashed) {
        user.passwordHash = rehashed;
        const from = algorithmOf(passwordHash);
        const owner = { actorId: user.id, sessionId: null, target: { type: 'user', id: user.id } } as const;
        if (from !== algorithmOf(rehashed)) audit({ action: 'password.rehashed', ...owner, details: { from } });
      }
      return { methods: ['PASSWORD'], factor: null };
    },
    reject: (reason, attempt) => reject(unit, caller, request.email, reason, attempt),
  };
}

/** The same proof, which gives the place at the gate of the hashes back: hooks may take long. */
export function leavingGate(proof: PasswordProof, leave: () => void): PasswordProof {
  return { ...proof, prove: (attempt) => proof.prove(attempt).finally(leave) };
}

/** Costs one hash in every case. */
async function prove(
  { em, hasher, clock, settings, breachCheck }: SignInDeps,
  { email, password, rememberMe, deviceName, delivery }: PasswordRequest,
  trustedDevice: string | null,
): Promise<PasswordClaim | RejectedPassword> {
  const stored = await findPasswords(em, email, clock.now());
  const hashes = stored.flatMap(({ passwordHash }) => passwordHash ?? []);
  const matched = await hasher.verify(hashes, password);
  const passwordHash = hashes[matched];
  const [{ userId, status } = {}] = stored;
  const hasAccount = userId != null;
  if (passwordHash === undefined)
    return { rejected: stored.length > 0 ? 'wrong_password' : 'unknown_address', hasAccount };
  if (!userId) return { rejected: 'unverified', hasAccount };
  if (status !== 'ACTIVE' && status !== 'SUSPENDED') return { rejected: 'unknown_address', hasAccount };
  const rehashed = status === 'ACTIVE' && hasher.isOutdated(passwordHash) ? await hasher.hash(password) : null;
  const options = { rememberMe, deviceName, trustedDevice };
  const look = settings.breachCheckEnabled && { lookUpPassword: () => breachCheck.lookUp(password) };
  return { userId, options, delivery, passwordHash, rehashed, ...look };
}

/** Only a wrong password uses up the attempt. */
async function reject(
  unit: SignInDeps,
  caller: Caller,
  email: string,
  reason: Reason,
  attempt: Attempt,
): Promise<never> {
  await recordRefusal(unit, caller, email, reason);
  if (reason === 'unverified') {
    // Any client can register any address: the password of one registration must not clear attempts at another.
    await attempt.release(unit.em);
    throw new Refusal('EMAIL_NOT_VERIFIED');
  }
  if (reason === 'suspended') {
    await attempt.succeed(unit.em);
    throw new Refusal('ACCOUNT_SUSPENDED');
  }
  return transact<never>(unit, caller, async (transaction) => {
    await attempt.fail(transaction);
    return new Refusal('INVALID_CREDENTIALS', { detail: reason });
  });
}

async function recordRefusal(unit: SignInDeps, caller: Caller, email: string, reason: Reason): Promise<void> {
  unit.metrics.signIn(reason);
  await transact<void>(unit, caller, async ({ audit }) => {
    audit({
      action: 'login.refused',
      outcome: denials.has(reason) ? 'DENIED' : 'FAILURE',
      ...noActor,
      details: { addressHash: keyedHash(unit.keyRing, email).toString('base64url'), reason },
    });
  });
}
