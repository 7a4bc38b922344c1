/**
 * Starts sessions. Only the sign-in funnel (domain/sign-in/) imports this file: it proves the user and checks the account
 * first. Starting makes room for the session, stores it and mails the user about a new device.
 */
import { randomUUID } from 'node:crypto';
import { LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { AuthMethod, Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';
import type { LockedUser } from '../locked-user.ts';
import { networkOf } from '../source.ts';
import type { Transaction } from '../transaction.ts';
import { earlier } from './auth-session.ts';
import type { SessionDeps } from './deps.ts';
import { type FactorProof, recordProof } from './factor-proof.ts';
import { mailNewDevice, recogniseDevice } from './new-device.ts';
import { revokeSession } from './revoke.ts';

/** What the user asked for at sign-in. */
export interface SessionOptions {
  rememberMe: boolean;
  deviceName: string | null;
  /** The id of the device, where the account trusts it. */
  trustedDevice: string | null;
}

/** What the user has proven. */
export interface SessionProof {
  methods: AuthMethod[];
  /** The second factor, or the passkey without a password; null: the password alone. */
  factor: FactorProof | null;
}

export interface StartedSession {
  id: string;
  deviceId: string | null;
}

type Start = SessionProof & SessionOptions;

const day = 24 * 60 * 60;
const absoluteSeconds = 30 * day;
const rememberedSlidingSeconds = 30 * day;
const rememberedAbsoluteSeconds = 90 * day;
/** Beyond this number a new session revokes the oldest one. */
const maxSessions = 20;

export async function startSession(
  deps: SessionDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  start: Start,
): Promise<StartedSession> {
  const { tx, now, audit } = transaction;
  if (user.mfaEnabledAt && start.factor === null) throw new Error('this user must prove a second factor');
  const isFirst = user.lastLoginAt == null;
  const device = await recogniseDevice(tx, caller, user, start.trustedDevice);
  user.lastLoginAt = now;
  await revokeOldest(transaction, caller, user);
  const family = createFamily(deps, transaction, caller, user, start);
  if (start.factor) recordProof(tx, family, start.factor);
  const userAgent = caller.client.userAgent === null ? 'missing' : 'given';
  audit({
    action: 'session.started',
    actorId: user.id,
    target: { type: 'session', id: family.id },
    sessionId: family.id,
    details: { methods: family.methods, rememberMe: start.rememberMe, device, userAgent },
  });
  if (device === 'new' && !isFirst) await mailNewDevice(deps, transaction, caller, user, family);
  return { id: family.id, deviceId: family.deviceId ?? null };
}

function createFamily(
  { settings }: SessionDeps,
  { tx, now }: Transaction,
  { client }: Caller,
  user: LockedUser,
  { methods, rememberMe, deviceName, trustedDevice }: Start,
): TokenFamily {
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

/** Under the lock of the user, so parallel sign-ins count one after the other. */
async function revokeOldest({ tx, now }: Transaction, caller: Caller, user: LockedUser): Promise<void> {
  const oldest = await tx.find(
    TokenFamily,
    { user, revokedAt: null, expiresAt: { $gt: now } },
    { orderBy: { id: 'desc' }, offset: maxSessions - 1, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  for (const family of oldest) revokeSession(tx, caller, family, 'superseded', now);
}
