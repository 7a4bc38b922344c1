/** Shows the secret of a webhook once. */
import { CopyOnce } from '@postern/react/ui';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';

export function WebhookSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const texts = useWebhookTexts();
  return (
    <CopyOnce
      title={texts.secretTitle}
      lead={texts.secretLead}
      secrets={[secret]}
      fileName={texts.secretFile}
      saved={texts.secretSaved}
      onDone={onDone}
    />
  );
}
