/** Signing in with a password. How often somebody may try is sign-in-gate.ts; how a session begins, session-start.ts. */

import { Registration } from '../../persistence/accounts/registration.ts';
import { User } from '../../persistence/accounts/user.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { type Admission, SignInGate } from '../attempts/sign-in-gate.ts';
import { type AuditDetails, recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { SessionStarts, type SignedIn } from '../sessions/start.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import type { SignInDeps } from './deps.ts';
import { type Delivery, type MfaChallenge, MfaSignIns } from './mfa-sign-in.ts';

export interface LoginRequest {
  email: string;
  password: string;
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
  /** How the tokens shall travel, now or after the second step. */
  delivery?: Delivery | undefined;
}

/** The user can change while the password is being checked (a parallel sign-in renews the hash): then it is judged anew. */
const maxAttempts = 3;

type LoginRefusal = AuditDetails['login.refused']['reason'];
type CheckedRequest = LoginRequest & { email: string; deviceName: string | null };

export class SignIns {
  readonly #deps: SignInDeps;
  readonly #gate: SignInGate;
  readonly #starts: SessionStarts;
  readonly #mfaSignIns: MfaSignIns;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    this.#gate = new SignInGate(deps);
    this.#starts = new SessionStarts(deps);
    this.#mfaSignIns = new MfaSignIns(deps);
  }

  /**
   * Users with a second factor get a ticket for it instead of a session.
   * The answer to an unknown address, a wrong password and an account without one is the same and takes as long.
   * @throws Refusal INVALID_CREDENTIALS, EMAIL_NOT_VERIFIED, ACCOUNT_SUSPENDED, TOO_MANY_ATTEMPTS, RATE_LIMITED,
   *   SERVICE_BUSY, BAD_USER_INPUT
   */
  async login(caller: Caller, request: LoginRequest): Promise<SignedIn | MfaChallenge> {
    const checkedRequest = checked(request);
    const admission = await this.#enter(caller, checkedRequest.email);
    try {
      return await this.#tryLogin(caller, checkedRequest, admission);
    } catch (error) {
      if (!(error instanceof Refusal)) await admission.giveBack();
      throw error;
    }
  }

  /** Whether the request carries a device token of ours, whoever's it is. */
  isKnownDevice({ client }: Caller): boolean {
    const { deviceTokens, clock } = this.#deps;
    return client.deviceToken !== null && deviceTokens.open(client.deviceToken, clock.now()) !== null;
  }

  /** One key for every spelling of an address: what its sign-ins are counted by. */
  accountKey(emailText: string): string {
    return keyedHash(this.#deps.keyRing, normaliseEmail(emailText) ?? '').toString('base64url');
  }

  async #enter(caller: Caller, email: string): Promise<Admission> {
    try {
      return await this.#gate.enter(caller, email);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : null;
      if (code === 'TOO_MANY_ATTEMPTS') await this.#audit(caller, email, 'locked');
      if (code === 'RATE_LIMITED') await this.#audit(caller, email, 'source_limited');
      throw error;
    }
  }

  async #tryLogin(caller: Caller, request: CheckedRequest, admission: Admission): Promise<SignedIn | MfaChallenge> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const verdict = await this.#judge(request);
      if ('reason' in verdict) return this.#refuse(caller, request.email, verdict.reason, admission);
      const admitted = await this.#start(caller, verdict, request, admission.trustedDevice);
      if (!admitted) continue;
      await admission.succeed();
      if ('ticket' in admitted) this.#deps.metrics.signIn('challenged');
      return admitted;
    }
    return this.#refuse(caller, request.email, 'changed_meanwhile', admission);
  }

  /** Finds out whose password this is, at the cost of one hash in every case. */
  async #judge({ email, password }: CheckedRequest): Promise<User | { reason: LoginRefusal }> {
    const { em, hasher, clock } = this.#deps;
    const reading = em.fork();
    const user = await reading.findOne(User, { email });
    const pending = await reading.find(Registration, { email, expiresAt: { $gt: clock.now() } });
    const hashes = user ? [user.passwordHash] : pending.map(({ passwordHash }) => passwordHash);
    const matched = await hasher.verify(
      hashes.filter((hash) => hash != null),
      password,
    );
    if (matched === -1) return { reason: user || pending.length > 0 ? 'wrong_password' : 'unknown_address' };
    if (!user) return { reason: 'unverified' };
    if (user.status === 'SUSPENDED') return { reason: 'suspended' };
    return user.status === 'ACTIVE' ? user : { reason: 'unknown_address' };
  }

  /** @returns null when the user changed while the password was being checked */
  async #start(
    caller: Caller,
    judged: User,
    request: CheckedRequest,
    trustedDevice: string | null,
  ): Promise<SignedIn | MfaChallenge | null> {
    const { hasher } = this.#deps;
    const { rememberMe = false, deviceName, delivery = 'BEARER' } = request;
    const wishes = { rememberMe, deviceName, trustedDevice };
    const outdated = hasher.isOutdated(judged.passwordHash ?? '');
    const rehashed = outdated ? await hasher.hash(request.password) : null;
    let challenge: MfaChallenge | null = null;
    const signedIn = await this.#starts.start(caller, judged.id, async (tx, user) => {
      if (user.passwordHash !== judged.passwordHash) return null;
      if (rehashed) user.passwordHash = rehashed;
      if (user.mfaEnabledAt) challenge = await this.#mfaSignIns.challenge(tx, caller, user, { ...wishes, delivery });
      return challenge ? null : { ...wishes, methods: ['PASSWORD'], factor: null };
    });
    return signedIn ?? challenge;
  }

  /** The refusal is written before it is thrown; only a wrong password uses the reserved attempt up. */
  async #refuse(caller: Caller, email: string, reason: LoginRefusal, admission: Admission): Promise<never> {
    await this.#audit(caller, email, reason);
    if (reason === 'unverified') {
      // Any client can register any address: the right password of one registration must not clear guesses at another.
      await admission.giveBack();
      throw new Refusal('EMAIL_NOT_VERIFIED');
    }
    if (reason === 'suspended') {
      await admission.succeed();
      throw new Refusal('ACCOUNT_SUSPENDED');
    }
    await admission.fail(caller);
    throw new Refusal('INVALID_CREDENTIALS', { detail: reason });
  }

  async #audit(caller: Caller, email: string, reason: LoginRefusal): Promise<void> {
    const { em, clock, keyRing, metrics } = this.#deps;
    metrics.signIn(reason);
    await em.fork().transactional(async (tx) => {
      recordAudit(tx, caller.client, clock.now(), {
        action: 'login.refused',
        outcome: reason === 'locked' || reason === 'source_limited' ? 'DENIED' : 'FAILURE',
        details: { addressHash: keyedHash(keyRing, email).toString('base64url'), reason },
      });
    });
  }
}

function checked(request: LoginRequest): CheckedRequest {
  const email = normaliseEmail(request.email);
  const deviceName = normaliseDisplayName(request.deviceName);
  const fields = [
    ...(email === null ? [invalidEmail('input.email')] : []),
    ...displayNameProblems(deviceName, 'input.deviceName'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { ...request, email, deviceName };
}
