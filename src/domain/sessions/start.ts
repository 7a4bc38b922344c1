/**
 * Starts sessions. Only the sign-in funnel (domain/sign-in/) imports this file: it proves the user and checks the account
 * first. Starting makes room for the session, stores it and mails the user about a new device.
 */
import { randomUUID } from 'node:crypto';
import type { Settlement } from '../../persistence/attempts/settle-attempts.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import type { SessionStateRow } from '../../persistence/sessions/session-state.ts';
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import { type NewFamily, type NewSession, storeSession } from '../../persistence/sessions/start-session.ts';
import { type ClaimsExt, TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { AuditEvent } from '../audit/actions.ts';
import { eventRow } from '../audit/publications.ts';
import { auditRow } from '../audit/record.ts';
import type { AuthMethod, Caller, RiskAssessment } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';
import type { LockedUser } from '../locked-user.ts';
import { type Place, placeOf } from '../place.ts';
import { riskDetails } from '../risk/details.ts';
import { learn } from '../risk/stored-habits.ts';
import { networkOf } from '../source.ts';
import type { Transaction } from '../transaction.ts';
import { earlier } from './auth-session.ts';
import type { SessionDeps } from './deps.ts';
import { type FactorProof, firstProof } from './factor-proof.ts';
import { deviceOf, newDeviceNotice } from './new-device.ts';
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
  /** The second factor, or the passkey without a password; null: one factor alone. */
  factor: FactorProof | null;
  /** Whether the provider has proven a second factor that the operator trusts in place of the user's own. */
  secondFactorTrusted?: boolean;
  /** The slug of the provider, after a sign-in with one. */
  provider?: string;
}

/** What is known about the circumstances. */
export interface SessionJudgement {
  /** Of the sign-in. Absent or null: it was not assessed. */
  risk?: RiskAssessment | null;
}

/** What hooks leave of a session, and add to it. Without hooks all are null. */
export interface SessionLimits {
  /** The id of the session, where a hook has seen it already. */
  sessionId: string | null;
  /** Permissions outside of this list are taken from the role. */
  permissionsLimit: string[] | null;
  /** The session ends after this time. It never makes a session longer. */
  sessionSeconds: number | null;
  claimsExt: ClaimsExt | null;
}

export const noLimits: SessionLimits = {
  sessionId: null,
  permissionsLimit: null,
  sessionSeconds: null,
  claimsExt: null,
};

export interface StartedSession {
  state: SessionStateRow;
  deviceId: string;
}

type Start = SessionProof & SessionOptions & SessionJudgement & SessionLimits;

const day = 24 * 60 * 60;
const absoluteSeconds = 30 * day;
const rememberedSlidingSeconds = 30 * day;
const rememberedAbsoluteSeconds = 90 * day;
/** Beyond this number a new session revokes the oldest one. */
const maxSessions = 20;

/** Starts a session under the lock of the user. @param user as read in the transaction */
export async function startSession(
  deps: SessionDeps,
  transaction: Transaction,
  caller: Caller,
  { user, start }: { locked: LockedUser; user: SignInUser; start: Start },
): Promise<StartedSession> {
  const { tx, now } = transaction;
  if (user.liveSessions >= maxSessions) await revokeOldest(transaction, caller, user.id);
  const session = newSession(deps, caller, user, start, now);
  const state = await storeSession(tx, session, { version: null, settlements: [] });
  if (!state) throw new Error('the session was not stored');
  return { state, deviceId: session.family.deviceId };
}

/**
 * Starts a session by one statement, which settles the attempt as well. It needs no lock: it writes nothing when the user
 * changed since they were read, and every sign-in is such a change.
 * @returns null when the user changed, or the session needs a transaction
 */
export async function startSessionAtOnce(
  deps: SessionDeps,
  caller: Caller,
  user: SignInUser,
  start: Start,
  settlements: readonly Settlement[],
): Promise<StartedSession | null> {
  if (user.liveSessions >= maxSessions) return null;
  const session = newSession(deps, caller, user, start, deps.clock.now());
  const state = await storeSession(deps.em, session, { version: user.version, settlements });
  return state && { state, deviceId: session.family.deviceId };
}

function newSession(deps: SessionDeps, caller: Caller, user: SignInUser, start: Start, now: Date): NewSession {
  if (user.hasSecondFactor && start.factor === null && !start.secondFactorTrusted)
    throw new Error('this user must prove a second factor');
  const { client } = caller;
  const place = placeOf(deps.locate, client);
  const family = newFamily(deps, caller, user, start, { place, now });
  const device = deviceOf(user, start.trustedDevice);
  const userAgent = client.userAgent === null ? 'missing' : 'given';
  const started: AuditEvent = {
    action: 'session.started',
    actorId: user.id,
    target: { type: 'session', id: family.id },
    sessionId: family.id,
    sessionOwnerId: user.id,
    details: {
      ...{ methods: family.methods, rememberMe: start.rememberMe, device, userAgent },
      ...(start.provider !== undefined && { provider: start.provider }),
      ...riskDetails(start.risk ?? null, place),
      ...limitDetails(start),
    },
  };
  const audit = auditRow(client, now, started);
  const { mode } = deps.settings.risk;
  const signals = mode === 'act' && start.risk && start.risk.action !== 'NONE' ? start.risk.signals : [];
  const isMailed = (device === 'new' && user.hasSignedIn) || signals.length > 0;
  const notice = isMailed ? newDeviceNotice(deps, user, family, signals) : null;
  const habits = mode === 'off' ? null : learn(user.id, user.habits, place, now);
  return { family, audit, event: eventRow(audit, started), habits, notice };
}

function limitDetails({ permissionsLimit, sessionSeconds }: SessionLimits) {
  return {
    ...(permissionsLimit !== null && { permissionsLimit }),
    ...(sessionSeconds !== null && { sessionSeconds }),
  };
}

function newFamily(
  { settings }: SessionDeps,
  { client }: Caller,
  user: SignInUser,
  { methods, factor, rememberMe, deviceName, trustedDevice, risk = null, ...limits }: Start,
  { place, now }: { place: Place | null; now: Date },
): NewFamily {
  const slidingSeconds = rememberMe ? rememberedSlidingSeconds : settings.refreshTokenTtlSeconds;
  const longest = rememberMe ? rememberedAbsoluteSeconds : absoluteSeconds;
  const absoluteExpiresAt = secondsAfter(now, Math.min(longest, limits.sessionSeconds ?? longest));
  return {
    id: limits.sessionId ?? newId(now),
    userId: user.id,
    generation: 0,
    createdAt: now,
    rotatedAt: now,
    expiresAt: earlier(secondsAfter(now, slidingSeconds), absoluteExpiresAt),
    absoluteExpiresAt,
    slidingSeconds,
    authenticatedAt: now,
    ...firstProof(methods, factor),
    ipAddress: client.ipAddress,
    network: networkOf(client.ipAddress),
    userAgent: client.userAgent,
    deviceId: trustedDevice ?? randomUUID(),
    deviceName,
    country: place?.country ?? null,
    city: place?.country ? place.city : null,
    risk,
    permissionsLimit: limits.permissionsLimit,
    claimsExt: limits.claimsExt,
  };
}

/** Under the lock of the user, so parallel sign-ins count one after the other. */
async function revokeOldest({ tx, now }: Transaction, caller: Caller, user: string): Promise<void> {
  const oldest = await tx.find(
    TokenFamily,
    { user, revokedAt: null, expiresAt: { $gt: now } },
    { orderBy: { id: 'desc' }, offset: maxSessions - 1, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  for (const family of oldest) revokeSession(tx, caller, family, 'superseded', now);
}
