/** The points at which the operator's code decides: what each one gets, and what it may answer. docs/hooks.md explains them. */
import type { AssuranceLevel, AuthMethod, ClaimsExt } from '../caller.ts';
import type { Circumstances } from '../risk/circumstances.ts';
import type { UserElsewhere } from './user-elsewhere.ts';

export const hookPoints = [
  'beforeRegister',
  'beforeSignIn',
  'beforeSession',
  'customizeClaims',
  'beforeInvite',
  'sendMail',
  'sendSms',
  'importUser',
] as const;

export type HookPoint = (typeof hookPoints)[number];

/** Points at which the hook delivers a message. It decides nothing: a failed message is sent again later. */
export function isSender(point: HookPoint): boolean {
  return point === 'sendMail' || point === 'sendSms';
}

export interface HookClient extends Pick<Circumstances, 'location'> {
  ipAddress: string | null;
  userAgent: string | null;
  deviceName: string | null;
  /** Whether the account has signed in from this device before. */
  isTrustedDevice: boolean;
}

export interface HookUser {
  id: string;
  email: string;
  role: string;
}

export interface HookInputs {
  beforeRegister: {
    email: string;
    displayName: string | null;
    locale: string | null;
    client: Pick<HookClient, 'ipAddress' | 'userAgent'>;
  };
  beforeSignIn: {
    user: HookUser & { hasSecondFactor: boolean };
    method: AuthMethod;
    /** The slug, after a sign-in with a provider. */
    provider: string | null;
    client: HookClient;
    risk: Circumstances['risk'];
  };
  beforeSession: {
    user: HookUser;
    methods: AuthMethod[];
    assurance: AssuranceLevel;
    client: HookClient;
    risk: Circumstances['risk'];
  };
  customizeClaims: {
    user: HookUser;
    session: { id: string; methods: AuthMethod[]; assurance: AssuranceLevel };
  };
  beforeInvite: {
    /** A user, or a service account. */
    inviter: { id: string; kind: 'user' | 'service_account' };
    email: string;
    displayName: string | null;
    role: string;
  };
  sendMail: {
    /** Stays the same over retries. */
    id: string;
    kind: string;
    from: { name: string; address: string };
    to: string;
    locale: string;
    subject: string;
    text: string;
    html: string;
    writtenAt: string;
  };
  sendSms: {
    /** Stays the same over retries. */
    id: string;
    /** E.164. */
    to: string;
    text: string;
  };
  importUser: {
    /** Normalised. */
    email: string;
    /** As the user typed it. */
    password: string;
  };
}

/** Absent members of an answer are null. */
export interface HookAnswers {
  beforeRegister: object;
  beforeSignIn: { requireSecondStep: boolean };
  /** `sessionTtl` is in seconds. */
  beforeSession: { sessionTtl: number | null; permissions: string[] | null };
  customizeClaims: { ext: ClaimsExt | null };
  beforeInvite: object;
  sendMail: object;
  sendSms: object;
  /** Null: the other system has no user with the address. */
  importUser: { user: UserElsewhere | null };
}

/** What a hook receives: the body of the request, or the argument of the function. */
export interface HookCall<Point extends HookPoint = HookPoint> {
  /** Of this call. */
  id: string;
  point: Point;
  version: 1;
  occurredAt: string;
  /** A call of `postern hooks check` and `postern doctor`: the hook answers and changes nothing. */
  dryRun: boolean;
  data: HookInputs[Point];
}
