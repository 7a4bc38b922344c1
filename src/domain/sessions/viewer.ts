/** Makes the viewer of a request from the stored state of its session. */
import type { SessionStateRow } from '../../persistence/sessions/session-state.ts';
import type { Client, Viewer } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { isWithin, type Networks } from '../source.ts';
import { presentProof } from './factor-proof.ts';

export interface ViewerRules {
  reauthWindowSeconds: number;
  mfaRequiredFor: readonly string[];
  adminIpAllowlist: Networks;
  sms: { asFactor: boolean } | null;
}

export function viewerFrom(row: SessionStateRow, client: Client, rules: ViewerRules, now: Date): Viewer {
  const secondFactorRequired = row.reaches.some((name) => rules.mfaRequiredFor.includes(name));
  // A phone is no second factor of such a role, also when the role or the setting changed after the sign-in.
  const phoneProven = row.phoneProven && rules.sms?.asFactor === true && !secondFactorRequired;
  const session = sessionFrom({ ...row, phoneProven });
  return {
    id: row.userId,
    email: row.email,
    emailVerified: row.emailVerifiedAt !== null,
    displayName: row.displayName,
    locale: row.locale,
    role: { name: row.role, rank: row.rank, permissions: permissionsOf(row), system: row.system },
    createdAt: new Date(row.userCreatedAt),
    session,
    claimsExt: row.claimsExt,
    standing: {
      recent: now < secondsAfter(session.authenticatedAt, rules.reauthWindowSeconds),
      secondFactorRequired,
      secondFactor: row.mfaEnabledAt === null ? 'missing' : session.assurance === 'AAL2' ? 'proven' : 'unproven',
      adminNetwork: rules.adminIpAllowlist.length === 0 || isWithin(client.ipAddress, rules.adminIpAllowlist),
    },
  };
}

/** Of the role, as it is now, within the limit of the session. */
function permissionsOf({ permissions, permissionsLimit }: SessionStateRow): string[] {
  return permissionsLimit === null ? permissions : permissions.filter((each) => permissionsLimit.includes(each));
}

function sessionFrom(row: SessionStateRow): Viewer['session'] {
  return {
    id: row.sessionId,
    current: true,
    createdAt: new Date(row.sessionCreatedAt),
    lastUsedAt: new Date(row.rotatedAt),
    expiresAt: new Date(row.expiresAt),
    ipAddress: row.ipAddress,
    userAgent: row.userAgent,
    deviceName: row.deviceName,
    authenticatedAt: new Date(row.authenticatedAt),
    location: row.country === null ? null : { country: row.country, city: row.city },
    risk: row.risk,
    ...presentProof(row),
  };
}
