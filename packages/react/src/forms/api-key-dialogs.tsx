/** The dialogs for an API key: change, rotation, revocation. */
import type { ApiKeyDetailFragment, RotateApiKeyInput } from '@postern/client';
import type { ApiKeyActions } from '../account/use-api-keys.ts';
import type { FormMessages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { FormValues } from '../ui/form.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Select } from '../ui/select.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { ApiKeyFields, apiKeyChoicesIn } from './api-key-fields.tsx';
import { durationText } from './duration-text.ts';

interface DialogProps {
  texts: FormMessages['apiKeys'];
  apiKey: ApiKeyDetailFragment;
  onClose: () => void;
}

export function EditApiKey({ texts, apiKey, update, onClose }: DialogProps & Pick<ApiKeyActions, 'update'>) {
  const { messages } = useLanguage();
  const { id, name, scopes } = apiKey;
  const submit = async (values: FormValues) => {
    await update({ id, ...apiKeyChoicesIn(values, scopes) });
    onClose();
  };
  const footer = (
    <>
      <Button onClick={onClose}>{messages.ui.cancel}</Button>
      <SubmitButton>{texts.save}</SubmitButton>
    </>
  );
  return (
    <Dialog part="edit-api-key" title={texts.editTitle(name)} onClose={onClose} submit={submit} footer={footer}>
      <ApiKeyFields scopes={scopes} texts={texts} before={apiKey} />
    </Dialog>
  );
}

const hour = 60 * 60;
const day = 24 * hour;
/** Seconds. The gateway allows seven days. */
const overlaps = [hour, day, 7 * day];

interface RotateProps extends DialogProps {
  rotate: (input: RotateApiKeyInput) => Promise<void>;
}

export function RotateApiKey({ texts, apiKey: { id, name }, rotate, onClose }: RotateProps) {
  const { locale } = useLanguage();
  return (
    <ReasonDialog
      title={texts.rotateTitle(name)}
      lead={texts.rotateLead}
      action={texts.rotateAction}
      reason="none"
      errorTexts={{ CONFLICT: texts.isRotating }}
      confirm={(_reason, values) => rotate({ id, overlap: Number(values.text('overlap')) })}
      onClose={onClose}
    >
      <Select name="overlap" label={texts.overlap} defaultValue={day}>
        <option value={0}>{texts.atOnce}</option>
        {overlaps.map((seconds) => (
          <option key={seconds} value={seconds}>
            {durationText(seconds, locale)}
          </option>
        ))}
      </Select>
    </ReasonDialog>
  );
}

export function RevokeApiKey({
  texts,
  apiKey: { id, name },
  revoke,
  onClose,
}: DialogProps & Pick<ApiKeyActions, 'revoke'>) {
  return (
    <ReasonDialog
      title={texts.revokeTitle(name)}
      lead={texts.revokeLead}
      action={texts.revokeAction}
      danger
      reason="none"
      confirm={() => revoke(id)}
      onClose={onClose}
    />
  );
}
