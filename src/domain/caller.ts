/** Who is asking, and from where. Made once a request; every service that acts for somebody takes one. */

import type { AssuranceLevel, AuthMethod } from '../persistence/sessions/token-family.ts';
import type { Refusal } from './errors.ts';

export type { AssuranceLevel, AuthMethod };

export interface Role {
  name: string;
  rank: number;
  permissions: string[];
  system: boolean;
}

export interface Session {
  id: string;
  /** Whether it is the one the caller asks through. */
  current: boolean;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  deviceName: string | null;
  /** When the user last proved who they are: at sign-in, or by `reauthenticate`. */
  authenticatedAt: Date;
  assurance: AssuranceLevel;
  methods: AuthMethod[];
}

/** What the session of a viewer is good for right now. Judged once a request, so that rules only read it. */
export interface Standing {
  /** The user authenticated within REAUTH_WINDOW, by whatever factor. Operations ask `isRecent`. */
  recent: boolean;
  /** Whether the role reaches one that MFA_REQUIRED_FOR names, by rank or by permissions. */
  secondFactorRequired: boolean;
  /** `missing`: they have none (any more); `unproven`: they have one, and this session has not seen it. */
  secondFactor: 'proven' | 'unproven' | 'missing';
  /** They come from a network of ADMIN_IP_ALLOWLIST, or there is no such list. */
  adminNetwork: boolean;
}

/** Whether the user has the second factor that the role demands. */
export function isEnrolled({ secondFactorRequired, secondFactor }: Standing): boolean {
  return !secondFactorRequired || secondFactor !== 'missing';
}

/** Whether a second factor that the user has was proven in this session. */
export function isProven({ secondFactor }: Standing): boolean {
  return secondFactor !== 'unproven';
}

/** ASVS 7.5.1. A password alone is no recent proof of a user with a second factor. */
export function isRecent(standing: Standing): boolean {
  return standing.recent && isProven(standing);
}

/** The signed-in user, as they are right now, and the session they ask through. */
export interface Viewer {
  id: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  /** The language of mails to them, a BCP 47 tag; null: the service's. */
  locale: string | null;
  role: Role;
  createdAt: Date;
  session: Session;
  standing: Standing;
}

/** Where a request came from. */
export interface Client {
  ipAddress: string | null;
  userAgent: string | null;
  requestId: string;
  /** The device token it carries, from header or cookie; unchecked. */
  deviceToken: string | null;
}

/** Without a viewer, `refusal` says why nobody is signed in. */
export type Caller = {
  client: Client;
  /** The operator at the command line, who has every permission and no account. No request is ever the operator's. */
  isOperator?: true;
} & ({ viewer: Viewer; refusal: null } | { viewer: null; refusal: Refusal });

/** @throws Refusal when nobody is signed in */
export function viewerOf(caller: Caller): Viewer {
  if (caller.viewer === null) throw caller.refusal;
  return caller.viewer;
}
