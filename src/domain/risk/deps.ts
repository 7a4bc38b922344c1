/** What assessing a sign-in needs. */
import type { Metrics } from '../../metrics/metrics.ts';
import type { Locate } from '../place.ts';
import type { DomainSettings } from '../settings.ts';
import type { Unit } from '../transaction.ts';

export interface RiskDeps extends Unit {
  settings: Pick<DomainSettings, 'risk' | 'disposableMail'>;
  locate: Locate;
  metrics: Metrics;
}
