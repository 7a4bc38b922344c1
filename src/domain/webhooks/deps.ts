/** The dependencies of webhooks. */
import type { Outbound } from '../../outbound/outbound.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import type { Unit } from '../transaction.ts';

export interface WebhookDeps extends Unit {
  sealer: Sealer;
  outbound: Outbound;
}
