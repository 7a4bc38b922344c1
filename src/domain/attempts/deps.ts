/** What counting attempts needs. */
import type { Metrics } from '../../metrics/metrics.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import type { DeviceTokens } from '../../security/tokens/device-token.ts';
import type { DomainSettings } from '../settings.ts';
import type { CaptchaDeps } from './captcha.ts';

export interface AttemptDeps extends CaptchaDeps {
  settings: Pick<DomainSettings, 'captcha' | 'lockout' | 'rateLimitAllowlist'>;
  keyRing: KeyRing;
  deviceTokens: DeviceTokens;
  metrics: Metrics;
}
