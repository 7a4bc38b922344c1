/** The caller of a request and its origin. Made once per request; every verb that acts for a caller takes it. */

import type { RiskAction, RiskAssessment, RiskLevel, RiskSignal } from '../persistence/risk/risk-assessment.ts';
import type { AssuranceLevel, AuthMethod, ClaimsExt } from '../persistence/sessions/token-family.ts';
import type { Refusal } from './errors.ts';
import type { Place } from './place.ts';

export type { AssuranceLevel, AuthMethod, ClaimsExt, RiskAction, RiskAssessment, RiskLevel, RiskSignal };

export interface Role {
  name: string;
  rank: number;
  permissions: string[];
  system: boolean;
}

export interface Session {
  id: string;
  /** Whether it is the session of the request. */
  current: boolean;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  deviceName: string | null;
  /** When the user last authenticated: at sign-in, or by `reauthenticate`. */
  authenticatedAt: Date;
  assurance: AssuranceLevel;
  methods: AuthMethod[];
  /** Where the address of the sign-in is; null: not known. */
  location: { country: string; city: string | null } | null;
  /** Of the sign-in; null: it was not assessed. */
  risk: RiskAssessment | null;
}

/** What the session of a viewer currently allows. Judged once per request; rules only read it. */
export interface Standing {
  /** The user authenticated within REAUTH_WINDOW, by any factor. Operations use `isRecent`. */
  recent: boolean;
  /** Whether the role reaches one that MFA_REQUIRED_FOR names, by rank or by permissions. */
  secondFactorRequired: boolean;
  /** `missing`: the user has none; `unproven`: the user has one that this session has not proven. */
  secondFactor: 'proven' | 'unproven' | 'missing';
  /** The request comes from a network of ADMIN_IP_ALLOWLIST, or the list is empty. */
  adminNetwork: boolean;
}

/** Whether the user has the second factor that the role requires. */
export function isEnrolled({ secondFactorRequired, secondFactor }: Standing): boolean {
  return !secondFactorRequired || secondFactor !== 'missing';
}

/** Whether this session has proven the second factor of the user, where there is one. */
export function isProven({ secondFactor }: Standing): boolean {
  return secondFactor !== 'unproven';
}

/** ASVS 7.5.1. For a user with a second factor, a password alone is no recent authentication. */
export function isRecent(standing: Standing): boolean {
  return standing.recent && isProven(standing);
}

/** The signed-in user in the current state, and the session of the request. */
export interface Viewer {
  id: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  /** The language of mails to the user, a BCP 47 tag; null: the default of the service. */
  locale: string | null;
  /** Its permissions are those that the session has: a hook may have narrowed them. */
  role: Role;
  createdAt: Date;
  session: Session;
  /** The claim `ext` of the session's tokens. */
  claimsExt: ClaimsExt | null;
  standing: Standing;
}

/** The origin of a request. */
export interface Client {
  ipAddress: string | null;
  userAgent: string | null;
  /** Whether the request has an `Accept-Language` header. */
  namesLanguage: boolean;
  /** Where a trusted proxy says that the client is (GEO_HEADERS). */
  claimedPlace: Place | null;
  requestId: string;
  /** The device token of the header or cookie, unchecked. */
  deviceToken: string | null;
  /** The solution of a captcha, from the header of the request, unchecked. */
  captchaToken: string | null;
  /** Set once the token was accepted: a later step of the same request asks for no second one. */
  captchaPassed?: true;
}

/** A program that calls with an API key or with a token of `/oauth/token`, in the current state of its owner. */
export interface Machine {
  /** `personal`: an API key of a user. `service`: a service account, by a key or a token. */
  kind: 'personal' | 'service';
  /** The user or the service account that it acts for. */
  ownerId: string;
  /** Of the service account, or of the personal key. */
  name: string;
  /** The role of the owner. It bounds the permissions and never widens them. */
  role: Role;
  /** The scopes that the owner holds now. */
  permissions: readonly string[];
  /** Null: a token of `/oauth/token`. */
  apiKeyId: string | null;
  /** Requests a minute, where the key has a limit of its own. */
  limitPerMinute: number | null;
  /** As `Standing.adminNetwork`. */
  adminNetwork: boolean;
}

/** Without a viewer, `refusal` says why no user is signed in. */
export type Caller = {
  client: Client;
  /** The operator at the command line, with every permission and no account. No request has it. */
  isOperator?: true;
} & ({ viewer: Viewer; refusal: null; machine?: never } | { viewer: null; refusal: Refusal; machine?: Machine });

/** The actor of the audit entries about what the caller does. */
export function actorOf({ viewer, machine }: Caller): {
  actorId: string | null;
  sessionId: string | null;
  apiKeyId: string | null;
} {
  return {
    actorId: viewer?.id ?? machine?.ownerId ?? null,
    sessionId: viewer?.session.id ?? null,
    apiKeyId: machine?.apiKeyId ?? null,
  };
}

/** What the limits of known callers count by; null: the caller is anonymous. */
export function callerKeyOf({ viewer, machine }: Caller): string | null {
  return viewer?.id ?? machine?.apiKeyId ?? machine?.ownerId ?? null;
}

/** @throws Refusal when no user is signed in: programs are refused too */
export function viewerOf(caller: Caller): Viewer {
  if (caller.viewer === null) throw caller.refusal;
  return caller.viewer;
}
