/**
 * Reads the answers of hooks. Everything unexpected is a failure and never an "allow": an unknown member may be a misspelt
 * restriction. Problems name members, never values.
 */
import { permissions } from '../access/permissions.ts';
import type { ClaimsExt } from '../caller.ts';
import { assertKnown, InvalidAnswer, type Members, membersOf, readBoolean } from './answer-members.ts';
import type { HookAnswers, HookPoint } from './points.ts';
import { readUserElsewhere } from './user-elsewhere.ts';

export interface Verdict<Point extends HookPoint> {
  /** Null: the hook refuses. */
  allowed: HookAnswers[Point] | null;
  /** What the hook says about its refusal. */
  reason: string | null;
  message: string | null;
}

/** UTF-8. */
export const maxAnswerBytes = 16_000;
const maxExtBytes = 1024;
const maxExtDepth = 8;
const minSessionSeconds = 60;
const maxMessageLength = 200;
/** Control characters, line breaks, and changes of the writing direction. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Names with a meaning in tokens: a service that merges `ext` with the claims must not read another value. */
const reservedNames: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sid', 'acr', 'amr', 'azp', 'auth_time', 'client_id', 'api_key'],
  ...['role', 'scope', 'permissions', 'ver', 'gen', 'ext'],
]);

type Reader<Point extends HookPoint> = (members: Members) => HookAnswers[Point];

const nothing = () => ({});

const points: { [Point in HookPoint]: { members: readonly string[]; mayRefuse: boolean; read: Reader<Point> } } = {
  beforeRegister: { members: [], mayRefuse: true, read: nothing },
  beforeSignIn: {
    members: ['requireSecondStep'],
    mayRefuse: true,
    read: (members) => ({ requireSecondStep: readBoolean(members, 'requireSecondStep') }),
  },
  beforeSession: {
    members: ['sessionTtl', 'permissions'],
    mayRefuse: true,
    read: (members) => ({ sessionTtl: readSessionTtl(members), permissions: readPermissions(members) }),
  },
  customizeClaims: { members: ['ext'], mayRefuse: false, read: (members) => ({ ext: readExt(members) }) },
  beforeInvite: { members: [], mayRefuse: true, read: nothing },
  sendMail: { members: [], mayRefuse: true, read: nothing },
  sendSms: { members: [], mayRefuse: true, read: nothing },
  importUser: {
    members: ['user'],
    mayRefuse: true,
    read: (members) => ({ user: readUserElsewhere(members.get('user')) }),
  },
};

/** @param text JSON of at most `maxAnswerBytes` @throws InvalidAnswer */
export function readAnswer<Point extends HookPoint>(point: Point, text: string): Verdict<Point> {
  if (Buffer.byteLength(text) > maxAnswerBytes) throw new InvalidAnswer('the answer is too large');
  const members = membersOf(parse(text), 'the answer');
  const { members: known, mayRefuse, read } = points[point];
  const decision = members.get('decision');
  if (decision === 'refuse' && mayRefuse) {
    assertKnown(members, ['decision', 'reason', 'message'], 'the answer');
    return { allowed: null, reason: readReason(members), message: readMessage(members) };
  }
  if (decision !== 'allow') throw new InvalidAnswer('decision: not one that the point accepts');
  assertKnown(members, ['decision', ...known], 'the answer');
  return { allowed: read(members), reason: null, message: null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidAnswer('the answer is not JSON');
  }
}

function readReason(members: Members): string | null {
  const reason = members.get('reason') ?? null;
  if (reason === null) return null;
  if (typeof reason !== 'string' || !/^[A-Z][A-Z0-9_]{0,63}$/.test(reason))
    throw new InvalidAnswer('reason: not of capitals, digits and _');
  return reason;
}

/** Clients show it. */
function readMessage(members: Members): string | null {
  const message = members.get('message') ?? null;
  if (message === null) return null;
  if (typeof message !== 'string' || message.length > maxMessageLength || unprintable.test(message))
    throw new InvalidAnswer(`message: not a line of at most ${maxMessageLength} characters`);
  return message;
}

function readSessionTtl(members: Members): number | null {
  const seconds = members.get('sessionTtl') ?? null;
  if (seconds === null) return null;
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds) || seconds < minSessionSeconds)
    throw new InvalidAnswer(`sessionTtl: not a whole number of at least ${minSessionSeconds} seconds`);
  return seconds;
}

function readPermissions(members: Members): string[] | null {
  const names: unknown = members.get('permissions') ?? null;
  if (names === null) return null;
  const known: readonly unknown[] = permissions;
  if (!Array.isArray(names) || !names.every((name) => known.includes(name)))
    throw new InvalidAnswer('permissions: not a list of permissions');
  return permissions.filter((permission) => names.includes(permission));
}

function readExt(members: Members): ClaimsExt | null {
  const ext = members.get('ext') ?? null;
  if (ext === null) return null;
  const claims = membersOf(ext, 'ext');
  // First: the text of very deep objects cannot be made.
  assertPlain(ext, 1);
  if (Buffer.byteLength(JSON.stringify(ext)) > maxExtBytes) throw new InvalidAnswer('ext: over 1 kB of JSON');
  if ([...claims.keys()].some((name) => reservedNames.has(name)))
    throw new InvalidAnswer('ext: has the name of a claim of Postern');
  return Object.fromEntries(claims);
}

/** Readers of the token copy its objects. */
function assertPlain(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxExtDepth) throw new InvalidAnswer(`ext: more than ${maxExtDepth} levels deep`);
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') throw new InvalidAnswer('ext: has the name __proto__');
    assertPlain(member, depth + 1);
  }
}
