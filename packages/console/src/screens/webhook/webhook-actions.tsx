/** The changes of a webhook: test event, secret, state, fields, deletion. */
import { Button, ReasonDialog, useToast } from '@postern/react/ui';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import {
  DeleteWebhookDocument,
  RotateWebhookSecretDocument,
  SendTestEventDocument,
  UpdateWebhookDocument,
  type WebhookRowFragment,
} from '../../generated/operations.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { client } from '../../session/client.ts';
import { ActionButton } from '../webhooks/action-button.tsx';
import { useWebhookChanges } from '../webhooks/use-webhook-changes.ts';
import { EditWebhook } from '../webhooks/webhook-dialog.tsx';
import { WebhookSecret } from '../webhooks/webhook-secret.tsx';

type Opened = 'edit' | 'rotate' | 'disable' | 'remove';

export function WebhookActions({ webhook }: { webhook: WebhookRowFragment }) {
  const texts = useWebhookTexts();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => setOpened(null);
  return (
    <>
      {webhook.enabled && <TestButton id={webhook.id} />}
      <Button onClick={() => setOpened('edit')}>{texts.edit}</Button>
      <Button onClick={() => setOpened('rotate')}>{texts.rotate}</Button>
      {webhook.enabled ? (
        <Button onClick={() => setOpened('disable')}>{texts.disable}</Button>
      ) : (
        <EnableButton id={webhook.id} />
      )}
      <Button kind="danger" onClick={() => setOpened('remove')}>
        {texts.remove}
      </Button>
      {opened === 'edit' && <EditWebhook webhook={webhook} onClose={close} />}
      {opened === 'rotate' && <Rotate id={webhook.id} onRotated={setSecret} onClose={close} />}
      {opened === 'disable' && <Disable id={webhook.id} onClose={close} />}
      {opened === 'remove' && <Remove id={webhook.id} onClose={close} />}
      {secret !== null && <WebhookSecret secret={secret} onDone={() => setSecret(null)} />}
    </>
  );
}

interface Closing {
  id: string;
  onClose: () => void;
}

function TestButton({ id }: { id: string }) {
  const texts = useWebhookTexts();
  const send = () => client.request(SendTestEventDocument, { input: { webhookId: id } });
  return <ActionButton label={texts.test} done={texts.tested} action={send} />;
}

function EnableButton({ id }: { id: string }) {
  const texts = useWebhookTexts();
  const send = () => client.request(UpdateWebhookDocument, { input: { id, enabled: true } });
  return <ActionButton label={texts.enable} done={texts.enabledNow} action={send} />;
}

function Rotate({ id, onRotated, onClose }: Closing & { onRotated: (secret: string) => void }) {
  const texts = useWebhookTexts();
  const { issue } = useWebhookChanges();
  const confirm = async () => {
    const { rotateWebhookSecret } = await issue(() => client.request(RotateWebhookSecretDocument, { input: { id } }));
    onRotated(rotateWebhookSecret.secret);
  };
  return (
    <ReasonDialog
      title={texts.rotateTitle}
      lead={texts.rotateLead}
      action={texts.rotate}
      reason="none"
      errorTexts={{ CONFLICT: texts.rotating }}
      confirm={confirm}
      onClose={onClose}
    />
  );
}

function Disable({ id, onClose }: Closing) {
  const texts = useWebhookTexts();
  const { change } = useWebhookChanges();
  const toast = useToast();
  const confirm = async () => {
    await change(() => client.request(UpdateWebhookDocument, { input: { id, enabled: false } }));
    toast(texts.disabledNow);
  };
  return (
    <ReasonDialog
      title={texts.disableTitle}
      lead={texts.disableLead}
      action={texts.disable}
      danger
      reason="none"
      confirm={confirm}
      onClose={onClose}
    />
  );
}

function Remove({ id, onClose }: Closing) {
  const texts = useWebhookTexts();
  const { issue } = useWebhookChanges();
  const toast = useToast();
  const navigate = useNavigate();
  const confirm = async () => {
    await issue(() => client.request(DeleteWebhookDocument, { input: { id } }));
    toast(texts.removed);
    await navigate({ to: '/webhooks' });
  };
  return (
    <ReasonDialog
      title={texts.removeTitle}
      lead={texts.removeLead}
      action={texts.remove}
      danger
      reason="none"
      confirm={confirm}
      onClose={onClose}
    />
  );
}
