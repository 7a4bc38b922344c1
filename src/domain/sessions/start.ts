/**
 * Where sessions begin. Every way of signing in comes through here: it judges the user once more under their row's lock,
 * makes room, writes the session down and tells the owner of devices they do not know. What has to be proven before is
 * the business of each way.
 */
import { randomUUID } from 'node:crypto';
import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { findSessionState } from '../../persistence/sessions/session-state.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { recordAudit } from '../audit/record.ts';
import type { AuthMethod, Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';
import { networkOf } from '../source.ts';
import { type AuthSession, earlier, issueTokens } from './auth-session.ts';
import type { SessionDeps } from './deps.ts';
import { type FactorProof, noteProof } from './factor-proof.ts';
import { recogniseDevice, tellNewDevice } from './new-device.ts';
import { endFamily } from './sessions.ts';

/** What the person who signs in asked for. */
export interface SessionWishes {
  rememberMe: boolean;
  deviceName: string | null;
  /** The device's id, when the sign-in gate trusts it for the account. */
  trustedDevice: string | null;
}

/** What they have proven. */
export interface SessionProof {
  methods: AuthMethod[];
  /** The second factor, or the passkey that stands alone; null: the password was enough. */
  factor: FactorProof | null;
}

/** A session, and the token by which its device is known the next time. */
export type SignedIn = AuthSession & { deviceToken: string };

const day = 24 * 60 * 60;
const absoluteSeconds = 30 * day;
const rememberedSlidingSeconds = 30 * day;
const rememberedAbsoluteSeconds = 90 * day;
/** The oldest session gives way to a new one beyond this many. */
const maxFamilies = 20;

export class SessionStarts {
  readonly #deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /**
   * @param prove is asked under the user's lock, in the transaction of the session: what is spent for it is spent with
   *   it. It gives back the proof and the wishes, or null when there shall be no session; what it wrote then stays.
   * @returns null when there is no session: the user is not active, or `prove` gave nothing
   */
  async start(
    caller: Caller,
    userId: string,
    prove: (tx: EntityManager, user: User) => Promise<(SessionProof & SessionWishes) | null>,
  ): Promise<SignedIn | null> {
    const { em, deviceTokens, clock, metrics } = this.#deps;
    const started = await em.fork().transactional(async (tx) => {
      const active = { id: userId, status: 'ACTIVE' } as const;
      const user = await tx.findOne(User, active, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const proven = user && (await prove(tx, user));
      if (!proven) return null;
      const { id, deviceId } = await this.#open(tx, caller, user, proven);
      return { familyId: id, deviceId };
    });
    const state = started && (await findSessionState(em, started.familyId));
    if (!state) return null;
    metrics.signIn('succeeded');
    const deviceToken = deviceTokens.mint(userId, clock.now(), started.deviceId ?? undefined);
    return { ...(await issueTokens(this.#deps, caller, state, state.generation)), deviceToken };
  }

  async #open(tx: EntityManager, caller: Caller, user: User, start: SessionProof & SessionWishes) {
    const now = this.#deps.clock.now();
    if (user.mfaEnabledAt && start.factor === null) throw new Error('one factor is not enough for this user');
    const isFirst = user.lastLoginAt == null;
    const device = await recogniseDevice(tx, caller, user, start.trustedDevice);
    user.lastLoginAt = now;
    await endOldest(tx, caller, user, now);
    const family = this.#createFamily(tx, caller, user, start);
    if (start.factor) noteProof(tx, family, start.factor);
    recordAudit(tx, caller.client, now, {
      action: 'session.started',
      actorId: user.id,
      target: { type: 'session', id: family.id },
      sessionId: family.id,
      details: {
        methods: family.methods,
        rememberMe: start.rememberMe,
        device,
        userAgent: caller.client.userAgent === null ? 'missing' : 'given',
      },
    });
    if (device === 'new' && !isFirst) await tellNewDevice(this.#deps, tx, caller, user, family);
    return family;
  }

  #createFamily(
    tx: EntityManager,
    { client }: Caller,
    user: User,
    { methods, rememberMe, deviceName, trustedDevice }: SessionProof & SessionWishes,
  ): TokenFamily {
    const { clock, settings } = this.#deps;
    const now = clock.now();
    const slidingSeconds = rememberMe ? rememberedSlidingSeconds : settings.refreshTokenTtlSeconds;
    const absoluteExpiresAt = secondsAfter(now, rememberMe ? rememberedAbsoluteSeconds : absoluteSeconds);
    const family = tx.create(TokenFamily, {
      id: newId(now),
      user,
      generation: 0,
      createdAt: now,
      rotatedAt: now,
      expiresAt: earlier(secondsAfter(now, slidingSeconds), absoluteExpiresAt),
      absoluteExpiresAt,
      slidingSeconds,
      authenticatedAt: now,
      assurance: 'AAL1',
      methods,
      ipAddress: client.ipAddress,
      network: networkOf(client.ipAddress),
      userAgent: client.userAgent,
      deviceId: trustedDevice ?? randomUUID(),
      deviceName,
    });
    tx.persist(family);
    return family;
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
