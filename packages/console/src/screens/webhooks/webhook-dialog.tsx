/** The dialogs of a webhook with its fields: a new one, whose secret follows, and a change. */
import { Button, Dialog, type FormValues, SubmitButton, useToast } from '@postern/react/ui';
import { CreateWebhookDocument, UpdateWebhookDocument, type WebhookRowFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { client } from '../../session/client.ts';
import { useWebhookChanges } from './use-webhook-changes.ts';
import { WebhookFields, webhookIn } from './webhook-fields.tsx';

export interface CreateWebhookProps {
  onCreated: (created: { id: string; secret: string }) => void;
  onClose: () => void;
}

export function CreateWebhook({ onCreated, onClose }: CreateWebhookProps) {
  const texts = useWebhookTexts();
  const { issue } = useWebhookChanges();
  const submit = async (values: FormValues) => {
    const input = webhookIn(values);
    const { createWebhook } = await issue(() => client.request(CreateWebhookDocument, { input }));
    onCreated({ id: createWebhook.webhook.id, secret: createWebhook.secret });
    onClose();
  };
  return (
    <Dialog
      title={texts.create}
      lead={texts.createLead}
      onClose={onClose}
      submit={submit}
      errorTexts={{ CONFLICT: texts.tooMany }}
      footer={<Footer action={texts.create} onClose={onClose} />}
    >
      <WebhookFields webhook={null} />
    </Dialog>
  );
}

export function EditWebhook({ webhook, onClose }: { webhook: WebhookRowFragment; onClose: () => void }) {
  const texts = useWebhookTexts();
  const { change } = useWebhookChanges();
  const toast = useToast();
  const submit = async (values: FormValues) => {
    const input = { id: webhook.id, ...changesIn(values, webhook) };
    await change(() => client.request(UpdateWebhookDocument, { input }));
    toast(texts.saved);
    onClose();
  };
  return (
    <Dialog
      title={texts.editTitle}
      onClose={onClose}
      submit={submit}
      footer={<Footer action={texts.save} onClose={onClose} />}
    >
      <WebhookFields webhook={webhook} />
    </Dialog>
  );
}

/** Another address and profiles need a recent sign-in, so they are sent only when they change. */
function changesIn(values: FormValues, webhook: WebhookRowFragment) {
  const { url, includeProfile, ...rest } = webhookIn(values);
  return {
    ...rest,
    ...(url !== webhook.url && { url }),
    ...(includeProfile !== webhook.includeProfile && { includeProfile }),
  };
}

function Footer({ action, onClose }: { action: string; onClose: () => void }) {
  const { invite } = useMessages();
  return (
    <>
      <Button onClick={onClose}>{invite.cancel}</Button>
      <SubmitButton kind="primary">{action}</SubmitButton>
    </>
  );
}
