/** What the domain services share: made once in app/app.ts, except the entity manager, of which each request has its own. */

import type { Outbox } from '../mail/mail.ts';
import type { Metrics } from '../metrics.ts';
import type { BreachCheck } from '../outbound/breach-check.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import type { KeyRing } from '../security/keys/key-ring.ts';
import type { Sealer } from '../security/keys/sealing.ts';
import type { PasswordHasher } from '../security/passwords/password-hash.ts';
import type { CsrfTokens } from '../security/tokens/csrf-token.ts';
import type { DeviceTokens } from '../security/tokens/device-token.ts';
import type { RefreshTokens } from '../security/tokens/refresh-token.ts';
import type { Clock } from './clock.ts';
import type { PasswordPolicy } from './passwords/policy.ts';
import type { Confirmations } from './sessions/confirmations.ts';
import type { SigningKeys } from './sessions/signing-keys.ts';
import type { Turns } from './sessions/turns.ts';

/** Durations in seconds. */
export interface DomainSettings {
  /** What the service is called. */
  productName: string;
  issuer: string;
  /** The site that passkeys belong to: a host or a domain above it, and the origins of its pages. */
  passkeys: { rpId: string; origins: readonly string[] };
  emailVerification: 'required' | 'off';
  passwordPolicy: PasswordPolicy;
  breachCheckEnabled: boolean;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
  refreshGraceSeconds: number;
  /** Failures of one account from untrusted devices, and the first lock's length. */
  lockout: { maxFailures: number; firstLockSeconds: number };
  /** Networks that no limit by source applies to. */
  rateLimitAllowlist: readonly string[];
  /** How long after proving who they are a user may do what is sensitive. */
  reauthWindowSeconds: number;
  /** Names of the roles that need a second factor. */
  mfaRequiredFor: readonly string[];
  /** Networks that administration is open to; empty: every network. */
  adminIpAllowlist: readonly string[];
  /** How long a deleted account can be restored, and holds its address. */
  softDeleteRetentionSeconds: number;
  auditRetentionSeconds: number;
}

export interface DomainDependencies {
  em: EntityManager;
  clock: Clock;
  settings: DomainSettings;
  hasher: PasswordHasher;
  breachCheck: BreachCheck;
  keyRing: KeyRing;
  sealer: Sealer;
  refreshTokens: RefreshTokens;
  deviceTokens: DeviceTokens;
  csrfTokens: CsrfTokens;
  confirmations: Pick<Confirmations, 'note'>;
  signingKeys: SigningKeys;
  outbox: Outbox;
  turns: Turns;
  metrics: Metrics;
}
