/** Which webhooks an administrator should look at. */
import type { WebhookRowFragment } from '../../generated/operations.ts';

/** Its messages are not received, or the gateway has given it up. */
export function isBroken({
  enabled,
  failingSince,
  disabledReason,
}: Pick<WebhookRowFragment, 'enabled' | 'failingSince' | 'disabledReason'>): boolean {
  return enabled ? failingSince !== null : disabledReason !== 'administrator';
}
