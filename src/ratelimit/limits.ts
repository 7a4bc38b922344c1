/**
 * The rate limits and their defaults (RATE_LIMITS changes them). graphql/permissions/permissions.ts assigns them to
 * operations.
 */

/** Durations in seconds. */
export interface Limit {
  max: number;
  windowSeconds: number;
}

const minute = 60;
const hour = 60 * minute;

/** The comments say what each counts by. `null` switches a limit off. */
export const defaultLimits = {
  /** Sign-ins by source and account; a successful one returns its attempt. */
  login: { max: 10, windowSeconds: 15 * minute },
  /** Sign-ins of one source, whatever their outcome. */
  loginSource: { max: 100, windowSeconds: 15 * minute },
  /** By source, as the next ones down to `loginWithIdToken`. */
  register: { max: 5, windowSeconds: hour },
  verifyEmail: { max: 20, windowSeconds: hour },
  resendVerificationEmail: { max: 3, windowSeconds: hour },
  requestPasswordReset: { max: 3, windowSeconds: hour },
  resetPassword: { max: 20, windowSeconds: hour },
  verifyMfa: { max: 30, windowSeconds: 15 * minute },
  /** Pages that offer passkeys in their forms begin a sign-in whenever they are shown. */
  beginPasskeyLogin: { max: 100, windowSeconds: 15 * minute },
  loginWithPasskey: { max: 30, windowSeconds: 15 * minute },
  beginFederatedLogin: { max: 30, windowSeconds: 15 * minute },
  /** Reads of the captcha, which forms show. */
  captcha: { max: 60, windowSeconds: 15 * minute },
  /** With `acceptLink` and `finishFederatedSignUp`. */
  completeFederatedLogin: { max: 30, windowSeconds: 15 * minute },
  beginCodeLogin: { max: 30, windowSeconds: hour },
  completeCodeLogin: { max: 30, windowSeconds: 15 * minute },
  loginWithIdToken: { max: 30, windowSeconds: 15 * minute },
  /** By token family. */
  refresh: { max: 60, windowSeconds: minute },
  /** By user, as the next five. */
  reauthenticate: { max: 10, windowSeconds: 15 * minute },
  requestEmailChange: { max: 5, windowSeconds: hour },
  exportMyData: { max: 5, windowSeconds: hour },
  beginPhoneVerification: { max: 5, windowSeconds: 24 * hour },
  createApiKey: { max: 20, windowSeconds: 24 * hour },
  /** By user or service account. */
  importUsers: { max: 60, windowSeconds: minute },
  /** All operations of administration together. */
  admin: { max: 200, windowSeconds: 15 * minute },
  /** By caller, as the next one. */
  sendTestEvent: { max: 10, windowSeconds: hour },
  redeliver: { max: 60, windowSeconds: hour },
  /** Requests with an API key that does not exist, by source. */
  badKey: { max: 30, windowSeconds: 15 * minute },
  /** Every request of a program, by API key; with a token of `/oauth/token`, by service account. */
  apiKey: { max: 600, windowSeconds: minute },
  /** Tokens of `/oauth/token` and calls of `/oauth/introspect`, by service account. */
  clientCredentials: { max: 60, windowSeconds: minute },
  introspect: { max: 600, windowSeconds: minute },
  /** Every request to `/graphql`, by source when it carries no valid credentials and by user when it carries an access token. */
  anonymous: { max: 1000, windowSeconds: hour },
  authenticated: { max: 5000, windowSeconds: hour },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof defaultLimits;
export const limitNames: readonly LimitName[] = Object.keys(defaultLimits).filter(isLimitName);

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(defaultLimits, name);
}

export type Limits = Readonly<Record<LimitName, Limit | null>>;
