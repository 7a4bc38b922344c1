/**
 * Signing in with a password. Every path that makes a session comes through `#start`, which judges the user once more
 * under their row's lock. How often somebody may try is sign-in-gate.ts.
 */

import { MailToken } from '../persistence/entities/mail-token.ts';
import { Registration } from '../persistence/entities/registration.ts';
import { type RevocationReason, TokenFamily } from '../persistence/entities/token-family.ts';
import { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { findSessionState } from '../persistence/queries/session-state.ts';
import { keyedHash } from '../security/keyed-hash.ts';
import { mintMailToken } from '../security/mail-tokens.ts';
import { type AuditDetails, recordAudit } from './audit.ts';
import { type AuthSession, earlier, issueTokens } from './auth-session.ts';
import type { Caller } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { displayNameProblems, normaliseDisplayName } from './display-name.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';
import { newId } from './ids.ts';
import { endFamily } from './sessions.ts';
import { type Admission, SignInGate } from './sign-in-gate.ts';
import { networkOf } from './source.ts';

export interface LoginRequest {
  email: string;
  password: string;
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
}

/** A session, and the token by which its device is known the next time. */
export type SignedIn = AuthSession & { deviceToken: string };

const day = 24 * 60 * 60;
const absoluteSeconds = 30 * day;
const rememberedSlidingSeconds = 30 * day;
const rememberedAbsoluteSeconds = 90 * day;
/** The oldest session gives way to a new one beyond this many. */
const maxFamilies = 20;
const notMeSeconds = 7 * day;

/** The user can change while the password is being checked (a parallel sign-in renews the hash): then it is judged anew. */
const maxAttempts = 3;

/** Sessions that ended like this may have been somebody else's. */
const notTheOwners: RevocationReason[] = ['disowned', 'reuse_detected'];

type LoginRefusal = AuditDetails['login.refused']['reason'];
type Device = AuditDetails['session.started']['device'];
type CheckedRequest = LoginRequest & { email: string; deviceName: string | null };

export class SignIns {
  readonly #deps: DomainDependencies;
  readonly #gate: SignInGate;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
    this.#gate = new SignInGate(deps);
  }

  /**
   * The answer to an unknown address, a wrong password and an account without one is the same and takes as long.
   * @throws Refusal INVALID_CREDENTIALS, EMAIL_NOT_VERIFIED, ACCOUNT_SUSPENDED, TOO_MANY_ATTEMPTS, RATE_LIMITED,
   *   SERVICE_BUSY, BAD_USER_INPUT
   */
  async login(caller: Caller, request: LoginRequest): Promise<SignedIn> {
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

  async #tryLogin(caller: Caller, request: CheckedRequest, admission: Admission): Promise<SignedIn> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const verdict = await this.#judge(request);
      if ('reason' in verdict) return this.#refuse(caller, request.email, verdict.reason, admission);
      const started = await this.#start(caller, verdict, request, admission.trustedDevice);
      const state = started && (await findSessionState(this.#deps.em, started.familyId));
      if (!state) continue;
      await admission.succeed();
      this.#deps.metrics.signIn('succeeded');
      return { ...(await issueTokens(this.#deps, caller, state, state.generation)), deviceToken: started.deviceToken };
    }
    return this.#refuse(caller, request.email, 'changed_meanwhile', admission);
  }

  /** Finds out whose password this is, at the cost of one hash in every case. */
  async #judge({ email, password }: CheckedRequest): Promise<User | { reason: LoginRefusal }> {
    const { em, hasher, clock } = this.#deps;
    const reading = em.fork();
    const user = await reading.findOne(User, { email });
    const pending = user ? [] : await reading.find(Registration, { email, expiresAt: { $gt: clock.now() } });
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
  async #start(caller: Caller, user: User, request: CheckedRequest, trustedDevice: string | null) {
    const { em, clock, hasher, deviceTokens } = this.#deps;
    const now = clock.now();
    const outdated = hasher.isOutdated(user.passwordHash ?? '');
    const rehashed = outdated ? await hasher.hash(request.password) : null;
    const familyId = newId(now);
    const started = await em.fork().transactional(async (tx) => {
      const unchanged = { id: user.id, status: 'ACTIVE', passwordHash: user.passwordHash ?? null } as const;
      const current = await tx.findOne(User, unchanged, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!current) return false;
      const isFirst = current.lastLoginAt == null;
      const device = await this.#recognise(tx, caller, current, trustedDevice);
      if (rehashed) current.passwordHash = rehashed;
      current.lastLoginAt = now;
      await endOldest(tx, caller, current, now);
      const family = this.#createFamily(tx, caller, current, request, familyId);
      recordAudit(tx, caller.client, now, {
        action: 'session.started',
        actorId: user.id,
        target: { type: 'session', id: familyId },
        sessionId: familyId,
        details: {
          methods: family.methods,
          rememberMe: request.rememberMe ?? false,
          device,
          userAgent: caller.client.userAgent === null ? 'missing' : 'given',
        },
      });
      if (device === 'new' && !isFirst) await this.#tellNewSignIn(tx, caller, current, family);
      return true;
    });
    return started ? { familyId, deviceToken: deviceTokens.mint(user.id, now, trustedDevice ?? undefined) } : null;
  }

  #createFamily(tx: EntityManager, caller: Caller, user: User, request: CheckedRequest, id: string): TokenFamily {
    const { clock, settings } = this.#deps;
    const now = clock.now();
    const slidingSeconds = request.rememberMe ? rememberedSlidingSeconds : settings.refreshTokenTtlSeconds;
    const absoluteExpiresAt = secondsAfter(now, request.rememberMe ? rememberedAbsoluteSeconds : absoluteSeconds);
    const family = tx.create(TokenFamily, {
      id,
      user,
      generation: 0,
      createdAt: now,
      rotatedAt: now,
      expiresAt: earlier(secondsAfter(now, slidingSeconds), absoluteExpiresAt),
      absoluteExpiresAt,
      slidingSeconds,
      authenticatedAt: now,
      assurance: 'AAL1',
      methods: ['PASSWORD'],
      ipAddress: caller.client.ipAddress,
      network: networkOf(caller.client.ipAddress),
      userAgent: caller.client.userAgent,
      deviceName: request.deviceName,
    });
    tx.persist(family);
    return family;
  }

  /**
   * A trusted device in a network it was seen in, or a browser that looks like one that signed in from there, is
   * nothing to write to the owner about.
   */
  async #recognise(tx: EntityManager, { client }: Caller, user: User, trustedDevice: string | null): Promise<Device> {
    const network = networkOf(client.ipAddress);
    const looks = trustedDevice ? {} : { userAgent: client.userAgent };
    const own = { $or: [{ revokedReason: null }, { revokedReason: { $nin: notTheOwners } }] };
    const seen = (await tx.count(TokenFamily, { user, network, ...looks, ...own })) > 0;
    if (!seen) return 'new';
    return trustedDevice ? 'trusted' : 'familiar';
  }

  async #tellNewSignIn(tx: EntityManager, caller: Caller, user: User, family: TokenFamily): Promise<void> {
    const now = this.#deps.clock.now();
    const { token, tokenHash } = mintMailToken();
    const variables = {
      token,
      signedInAt: now.toISOString(),
      ipAddress: caller.client.ipAddress,
      userAgent: caller.client.userAgent,
      deviceName: family.deviceName ?? null,
    };
    await this.#deps.outbox.enqueue(tx, { kind: 'new_sign_in', to: user.email, variables }, now);
    tx.persist(
      tx.create(MailToken, {
        id: newId(now),
        user,
        purpose: 'NOT_ME',
        sessionId: family.id,
        tokenHash,
        createdAt: now,
        expiresAt: secondsAfter(now, notMeSeconds),
      }),
    );
  }

  /** The refusal is written before it is thrown; only a wrong password uses the reserved attempt up. */
  async #refuse(caller: Caller, email: string, reason: LoginRefusal, admission: Admission): Promise<never> {
    await this.#audit(caller, email, reason);
    if (reason === 'unverified' || reason === 'suspended') {
      await admission.succeed();
      throw new Refusal(reason === 'unverified' ? 'EMAIL_NOT_VERIFIED' : 'ACCOUNT_SUSPENDED');
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

/** Under the user's lock, so that parallel sign-ins count one after the other. */
async function endOldest(tx: EntityManager, caller: Caller, user: User, now: Date): Promise<void> {
  const living = await tx.find(
    TokenFamily,
    { user, revokedAt: null, expiresAt: { $gt: now } },
    { orderBy: { id: 'desc' }, offset: maxFamilies - 1, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  for (const family of living) endFamily(tx, caller, family, 'superseded', now);
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
