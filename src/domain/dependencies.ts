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
import type { KeyedQueue } from './keyed-queue.ts';
import type { Confirmations } from './sessions/confirmations.ts';
import type { SigningKeys } from './sessions/signing-keys.ts';
import type { DomainSettings } from './settings.ts';

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
  addressQueue: KeyedQueue;
  metrics: Metrics;
}
