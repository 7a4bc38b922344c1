/** What API keys, service accounts and their tokens need. */
import type { Metrics } from '../../metrics/metrics.ts';
import type { KeyStates } from '../../persistence/applications/key-state.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import type { DomainSettings } from '../settings.ts';
import type { Unit } from '../transaction.ts';
import type { KeyRefusals } from './key-refusals.ts';
import type { KeyUsage } from './key-usage.ts';

/** Sources that present keys which do not exist. They are refused without a database read for a while. */
export interface BadKeys {
  /** The seconds to wait; null: the source is not refused. */
  waitSeconds(ipAddress: string | null): number | null;
  note(ipAddress: string | null): Promise<void>;
}

export interface ApplicationDeps extends Unit {
  settings: Pick<DomainSettings, 'issuer' | 'apiKeys' | 'clientTokenTtlSeconds' | 'adminIpAllowlist'>;
  keyRing: KeyRing;
  keyStates: KeyStates;
  keyUsage: Pick<KeyUsage, 'note'>;
  keyRefusals: Pick<KeyRefusals, 'note'>;
  badKeys: BadKeys;
  metrics: Pick<Metrics, 'programRequest'>;
}
