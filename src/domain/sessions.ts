/**
 * Signing in, staying signed in and signing out. A session is a token family (RFC 9700 4.14.2): one row, whose
 * generation decides which refresh token is good. Access tokens are minted here and judged in authentication.ts.
 */
import { v7 as uuidv7 } from 'uuid';
import { Registration } from '../persistence/entities/registration.ts';
import { type RevocationReason, TokenFamily } from '../persistence/entities/token-family.ts';
import { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { rotateFamily } from '../persistence/queries/rotate-family.ts';
import { findSessionState, type SessionStateRow } from '../persistence/queries/session-state.ts';
import { claimsVersion, signAccessToken } from '../security/access-token.ts';
import { hashAddress } from '../security/address-hash.ts';
import type { RefreshTokenClaims } from '../security/refresh-token.ts';
import { type AuditAction, type AuditDetails, recordAudit } from './audit.ts';
import { type Caller, type Session, type Viewer, viewerFrom, viewerOf } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { displayNameProblems, normaliseDisplayName } from './display-name.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';

export interface LoginRequest {
  email: string;
  password: string;
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
}

/** What a client gets when it signs in or refreshes: tokens that are shown this once. */
export interface AuthSession {
  accessToken: string;
  accessTokenExpiresAt: Date;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
  session: Session;
  viewer: Viewer;
}

const day = 24 * 60 * 60;
const absoluteSeconds = 30 * day;
const rememberedSlidingSeconds = 30 * day;
const rememberedAbsoluteSeconds = 90 * day;

/** The user can change while the password is being checked (a parallel sign-in renews the hash): then it is judged anew. */
const maxAttempts = 3;

type LoginRefusal = AuditDetails['login.refused']['reason'];
type Verdict = AuditDetails['session.refresh_refused']['reason'] | 'reused' | 'successor';

interface Standing {
  generation: number;
  rotatedAt: Date;
  expiresAt: Date;
  revokedAt?: Date | string | null | undefined;
  status: string;
}

export class Sessions {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * The answer to an unknown address, a wrong password and an account without one is the same and takes as long.
   * @throws Refusal INVALID_CREDENTIALS, EMAIL_NOT_VERIFIED, ACCOUNT_SUSPENDED, SERVICE_BUSY, BAD_USER_INPUT
   */
  async login(caller: Caller, request: LoginRequest): Promise<AuthSession> {
    const { email, deviceName } = checked(request);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const verdict = await this.#judge(email, request.password);
      if ('reason' in verdict) return this.#refuseLogin(caller, email, verdict.reason);
      const familyId = await this.#start(caller, verdict, { ...request, deviceName });
      const state = familyId && (await findSessionState(this.#deps.em, familyId));
      if (state) return this.#present(state, state.generation);
    }
    return this.#refuseLogin(caller, email, 'changed_meanwhile');
  }

  /**
   * Rotates the family. The token's predecessor is answered with the same successor again for the grace period (a
   * second tab, a lost answer); any older one means that a token was copied, and ends the family.
   * @throws Refusal INVALID_REFRESH_TOKEN
   */
  async refresh(caller: Caller, token: string): Promise<AuthSession> {
    const { em, clock, refreshTokens, settings } = this.#deps;
    const claims = refreshTokens.open(token);
    if (!claims) throw new Refusal('INVALID_REFRESH_TOKEN', { detail: 'not ours' });
    const now = clock.now();
    const action: AuditAction = 'session.refreshed';
    const audit = { id: uuidv7({ msecs: now.getTime() }), action, ...caller.client };
    const rotated = await rotateFamily(em, { ...claims, now, audit });
    if (rotated) return this.#present(rotated, rotated.generation);

    // One read finds those who are owed the successor again; only what looks like a refusal takes the lock.
    const state = await findSessionState(em, claims.familyId);
    const seen = state && judgeUnrotated(standingOf(state), claims, now, settings.refreshGraceSeconds);
    const verdict = seen === 'successor' ? seen : await this.#settleUnrotated(caller, claims, now);
    if (state === null || verdict !== 'successor') throw new Refusal('INVALID_REFRESH_TOKEN', { detail: verdict });
    return this.#present(state, claims.generation + 1);
  }

  /**
   * Ends the session the caller is signed in to and the one the token belongs to: any token of a family will do, as
   * ending it is the safe side.
   * @returns whether a living session ended
   * @throws Refusal UNAUTHENTICATED when there is neither
   */
  async logout(caller: Caller, refreshToken?: string | null): Promise<boolean> {
    const { em, clock, refreshTokens } = this.#deps;
    const claims = refreshToken ? refreshTokens.open(refreshToken) : null;
    const own = refreshToken ? caller.viewer?.session.id : viewerOf(caller).session.id;
    const ids = new Set([own, claims?.familyId].filter((id) => id !== undefined));
    const now = clock.now();
    const ended = await em.transactional(async (tx) => {
      const families = await tx.find(
        TokenFamily,
        { id: [...ids], revokedAt: null, expiresAt: { $gt: now } },
        { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
      );
      for (const family of families) endFamily(tx, caller, family, 'logout', now);
      return families.length;
    });
    return ended > 0;
  }

  /** Finds out whose password this is, at the cost of one hash in every case. */
  async #judge(email: string, password: string): Promise<User | { reason: LoginRefusal }> {
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

  /** @returns the new family, or null when the user changed while the password was being checked */
  async #start(caller: Caller, user: User, request: LoginRequest): Promise<string | null> {
    const { em, clock, settings, hasher } = this.#deps;
    const now = clock.now();
    const outdated = hasher.isOutdated(user.passwordHash ?? '');
    const rehashed = outdated ? await hasher.hash(request.password) : null;
    const rememberMe = request.rememberMe ?? false;
    const slidingSeconds = rememberMe ? rememberedSlidingSeconds : settings.refreshTokenTtlSeconds;
    const absoluteExpiresAt = secondsAfter(now, rememberMe ? rememberedAbsoluteSeconds : absoluteSeconds);
    const id = uuidv7({ msecs: now.getTime() });
    return em.fork().transactional(async (tx) => {
      const unchanged = { id: user.id, status: 'ACTIVE', passwordHash: user.passwordHash ?? null } as const;
      const current = await tx.findOne(User, unchanged, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!current) return null;
      if (rehashed) current.passwordHash = rehashed;
      current.lastLoginAt = now;
      tx.persist(
        tx.create(TokenFamily, {
          id,
          user: current,
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
          userAgent: caller.client.userAgent,
          deviceName: request.deviceName ?? null,
        }),
      );
      recordAudit(tx, caller.client, now, {
        action: 'session.started',
        actorId: user.id,
        target: { type: 'session', id },
        sessionId: id,
        details: { methods: ['PASSWORD'], rememberMe },
      });
      return id;
    });
  }

  async #refuseLogin(caller: Caller, email: string, reason: LoginRefusal): Promise<never> {
    const { em, clock, keyRing } = this.#deps;
    await em.fork().transactional(async (tx) => {
      recordAudit(tx, caller.client, clock.now(), {
        action: 'login.refused',
        outcome: 'FAILURE',
        details: { addressHash: hashAddress(keyRing, email).toString('base64url'), reason },
      });
    });
    if (reason === 'unverified') throw new Refusal('EMAIL_NOT_VERIFIED');
    if (reason === 'suspended') throw new Refusal('ACCOUNT_SUSPENDED');
    throw new Refusal('INVALID_CREDENTIALS', { detail: reason });
  }

  /** Judges anew under the family's lock, and writes down what it comes to. */
  async #settleUnrotated(caller: Caller, claims: RefreshTokenClaims, now: Date): Promise<Verdict> {
    const { em, settings, outbox } = this.#deps;
    return em.fork().transactional(async (tx) => {
      const family = await tx.findOne(TokenFamily, { id: claims.familyId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const user = family && (await tx.findOneOrFail(User, { id: family.user.id }));
      const standing = family && user && { ...family, status: user.status };
      const verdict = standing ? judgeUnrotated(standing, claims, now, settings.refreshGraceSeconds) : 'unknown';
      if (verdict === 'successor') return verdict;
      const where = family ? ({ target: { type: 'session', id: family.id }, sessionId: family.id } as const) : {};
      if (!family || !user || verdict !== 'reused') {
        const reason = verdict === 'reused' ? 'unknown' : verdict;
        recordAudit(tx, caller.client, now, {
          action: 'session.refresh_refused',
          outcome: 'FAILURE',
          ...where,
          details: { reason },
        });
        return verdict;
      }
      recordAudit(tx, caller.client, now, {
        action: 'token.reuse_detected',
        outcome: 'DENIED',
        ...where,
        details: { presentedGeneration: claims.generation, generation: family.generation },
      });
      endFamily(tx, caller, family, 'reuse_detected', now);
      const variables = {
        detectedAt: now.toISOString(),
        ipAddress: caller.client.ipAddress,
        deviceName: family.deviceName ?? null,
      };
      await outbox.enqueue(tx, { kind: 'token_reuse_detected', to: user.email, variables }, now);
      return verdict;
    });
  }

  async #present(state: SessionStateRow, generation: number): Promise<AuthSession> {
    const { clock, settings, signingKeys, refreshTokens } = this.#deps;
    const now = clock.now();
    const viewer = viewerFrom(state);
    const accessTokenExpiresAt = earlier(secondsAfter(now, settings.accessTokenTtlSeconds), viewer.session.expiresAt);
    const accessToken = signAccessToken(
      {
        iss: settings.issuer,
        aud: settings.issuer,
        sub: viewer.id,
        sid: viewer.session.id,
        iat: epochSeconds(now),
        exp: epochSeconds(accessTokenExpiresAt),
        jti: uuidv7({ msecs: now.getTime() }),
        auth_time: epochSeconds(new Date(state.authenticatedAt)),
        amr: viewer.session.methods.map((method) => methodReferences[method]),
        acr: viewer.session.assurance,
        role: viewer.role.name,
        scope: viewer.role.permissions.join(' '),
        ver: claimsVersion,
      },
      await signingKeys.signing(now),
    );
    return {
      accessToken,
      accessTokenExpiresAt,
      expiresIn: epochSeconds(accessTokenExpiresAt) - epochSeconds(now),
      refreshToken: refreshTokens.mint({ familyId: viewer.session.id, generation }),
      refreshTokenExpiresAt: viewer.session.expiresAt,
      session: viewer.session,
      viewer,
    };
  }
}

/** RFC 8176's names for the ways of signing in. */
const methodReferences = { PASSWORD: 'pwd' } as const;

function checked(request: LoginRequest): { email: string; deviceName: string | null } {
  const email = normaliseEmail(request.email);
  const deviceName = normaliseDisplayName(request.deviceName);
  const fields = [
    ...(email === null ? [invalidEmail('input.email')] : []),
    ...displayNameProblems(deviceName, 'input.deviceName'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, deviceName };
}

/** What a token that did not rotate its family is worth. */
function judgeUnrotated(standing: Standing, claims: RefreshTokenClaims, now: Date, graceSeconds: number): Verdict {
  if (standing.revokedAt) return 'revoked';
  if (standing.expiresAt <= now) return 'expired';
  if (standing.status !== 'ACTIVE') return 'user_inactive';
  if (claims.generation >= standing.generation) return 'not_issued';
  const isParent = claims.generation === standing.generation - 1;
  return isParent && now <= secondsAfter(standing.rotatedAt, graceSeconds) ? 'successor' : 'reused';
}

function standingOf(state: SessionStateRow): Standing {
  return {
    generation: state.generation,
    rotatedAt: new Date(state.rotatedAt),
    expiresAt: new Date(state.expiresAt),
    revokedAt: state.revokedAt,
    status: state.status,
  };
}

function endFamily(tx: EntityManager, caller: Caller, family: TokenFamily, reason: RevocationReason, now: Date): void {
  family.revokedAt = now;
  family.revokedReason = reason;
  recordAudit(tx, caller.client, now, {
    action: 'session.ended',
    actorId: caller.viewer?.id ?? null,
    target: { type: 'session', id: family.id },
    sessionId: family.id,
    details: { reason },
  });
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function epochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
