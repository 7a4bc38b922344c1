/** What the limits of the permission map count by: source, user, token family, or source and account. */
import { addressKey } from '../../domain/attempts/counters.ts';
import { isKnownDevice } from '../../domain/attempts/trusted-devices.ts';
import { callerKeyOf } from '../../domain/caller.ts';
import { sessionIdOf } from '../../domain/sessions/session-tokens.ts';
import { isWithin, type Networks, networkOfSource, sourceOf } from '../../domain/source.ts';
import { type LimitName, limitNames } from '../../ratelimit/limits.ts';
import type { Context } from '../request/context.ts';
import type { Subject } from './reserving-store.ts';

const limitsByUser: ReadonlySet<LimitName> = new Set([
  'reauthenticate',
  'requestEmailChange',
  'exportMyData',
  'beginPhoneVerification',
  'createApiKey',
  'sendTestEvent',
  'redeliver',
  'importUsers',
  'admin',
]);
const limitsBySource: ReadonlySet<LimitName> = new Set(
  limitNames.filter((name) => name !== 'refresh' && !limitsByUser.has(name)),
);

export interface Args {
  input?: { email?: unknown; refreshToken?: unknown };
}

/** @returns null when the call is not counted */
export function subjectFor(name: LimitName, args: Args, context: Context, allowlist: Networks): Subject | null {
  const key = subjectOf(name, args, context, allowlist);
  if (key === null) return null;
  const network = limitsBySource.has(name) ? subjectOf(name, args, context, allowlist, networkOfSource) : null;
  return { key, network };
}

/**
 * What a limit of the permission map counts by. The limits `anonymous` and `authenticated` are counted in front of
 * GraphQL (http/request-limits.ts).
 * @returns null when the call is not counted: its source is on the allow-list, or the limit does not apply to this caller
 */
export function subjectOf(
  name: LimitName,
  args: Args,
  { caller, cookies, unit }: Context,
  allowlist: Networks,
  placeOf: (ipAddress: string | null) => string | null = sourceOf,
): string | null {
  const { ipAddress } = caller.client;
  if (limitsByUser.has(name)) return callerKeyOf(caller);
  if (name === 'refresh') {
    const token = args.input?.refreshToken ?? cookies.refreshToken;
    return typeof token === 'string' ? sessionIdOf(unit, token) : null;
  }
  if (isWithin(ipAddress, allowlist)) return null;
  // An attacker at the same address must not lock out the owner's device, whose attempts domain/attempts/ counts.
  const isLogin = name === 'login' || name === 'loginSource';
  if (isLogin && isKnownDevice(unit, caller)) return null;
  const place = placeOf(ipAddress);
  if (place === null || name !== 'login') return place;
  return `${place}|${addressKey(unit, String(args.input?.email))}`;
}
