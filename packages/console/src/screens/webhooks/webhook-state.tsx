/** The state of a webhook: a dot when it is normal, a chip with an icon when it is not. */
import { Chip } from '@postern/react/ui';
import Ban from 'lucide-react/icons/ban';
import CircleAlert from 'lucide-react/icons/circle-alert';
import type { WebhookRowFragment } from '../../generated/operations.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';

export function WebhookState({ webhook }: { webhook: Pick<WebhookRowFragment, 'enabled' | 'failingSince'> }) {
  const texts = useWebhookTexts();
  if (!webhook.enabled)
    return (
      <Chip icon={Ban} kind="danger">
        {texts.disabled}
      </Chip>
    );
  if (webhook.failingSince !== null)
    return (
      <Chip icon={CircleAlert} kind="warn">
        {texts.failing}
      </Chip>
    );
  return (
    <span className="state">
      <span className="dot" />
      {texts.enabled}
    </span>
  );
}
