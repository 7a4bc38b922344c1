/** The settings that the domain takes. Durations are in seconds. Each folder declares which of them it needs. */
import type { CaptchaSettings } from './attempts/captcha.ts';
import type { AuthMethod } from './caller.ts';
import type { Federation } from './identities/provider.ts';
import type { PasswordPolicy } from './passwords/policy.ts';
import type { RiskRules } from './risk/rules.ts';
import type { Networks } from './source.ts';

export type SignInMethod = Extract<AuthMethod, 'PASSWORD' | 'PASSKEY' | 'FEDERATED' | 'EMAIL_CODE'>;

export interface DomainSettings {
  /** Shown to users, and forbidden in passwords. */
  productName: string;
  issuer: string;
  /** WebAuthn: the relying party id is the host of the pages or a parent domain of it; origins are those of the pages. */
  passkeys: { rpId: string; origins: readonly string[] };
  emailVerification: 'required' | 'off';
  passwordPolicy: PasswordPolicy;
  breachCheckEnabled: boolean;
  /** `observe`: sign-ins are assessed and recorded, and no answer changes. */
  risk: { mode: 'off' | 'observe' | 'act'; rules: RiskRules };
  /** What happens to addresses of disposable mailboxes: `verify` only reports them to the risk assessment. */
  disposableMail: 'allow' | 'verify' | 'refuse';
  /** The methods that start a session by themselves. */
  signInMethods: readonly SignInMethod[];
  /** Sign-in with external providers. */
  federation: Federation;
  /** Text messages with codes. null: none are sent, and users cannot add phones. */
  sms: SmsRules | null;
  apiKeys: { enabled: boolean; maxTtlSeconds: number };
  /** The lifetime of the tokens of `/oauth/token`. */
  clientTokenTtlSeconds: number;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
  refreshGraceSeconds: number;
  /** Null: no operation needs a captcha. */
  captcha: CaptchaSettings | null;
  /** Failures of one account from untrusted devices, and the length of the first lock. */
  lockout: { maxFailures: number; firstLockSeconds: number };
  /** Networks that are exempt from limits by source. */
  rateLimitAllowlist: Networks;
  /** For this long after an authentication, a session may call operations that require a recent one. */
  reauthWindowSeconds: number;
  /** Names of the roles that require a second factor. */
  mfaRequiredFor: readonly string[];
  /** Networks from which administration is allowed; empty: every network. */
  adminIpAllowlist: Networks;
  /** For this long a deleted account can be restored and its address stays reserved. */
  softDeleteRetentionSeconds: number;
  auditRetentionSeconds: number;
  eventRetentionSeconds: number;
}

export interface SmsRules {
  /** ISO 3166-1: only numbers of these countries get messages. */
  countries: readonly string[];
  /** Messages to all numbers, and to one prefix (factors/sms/). */
  budget: Budget;
  budgetPerPrefix: Budget;
  /** Whether codes by message are accepted as a second factor. */
  asFactor: boolean;
}

interface Budget {
  max: number;
  windowSeconds: number;
}
