/** The button and the dialog for a new API key. The key is in the page only while it is shown once. */
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import type { ApiKeyActions } from '../account/use-api-keys.ts';
import { english } from '../messages/en/api-keys.tsx';
import type { FormMessages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { FormValues } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { ApiKeyFields, apiKeyChoicesIn } from './api-key-fields.tsx';
import { ApiKeyOnce } from './api-key-once.tsx';
import { durationText } from './duration-text.ts';

export interface CreateApiKeyProps extends Pick<ApiKeyActions, 'create'>, Pick<ButtonProps, 'kind' | 'size'> {
  /** Replaces some texts. */
  messages?: Partial<FormMessages['apiKeys']> | undefined;
  /** Those of the owner. The key gets some of them. */
  permissions: readonly string[];
  /** After the new key was shown. */
  onDone?: (() => void) | undefined;
}

const day = 24 * 60 * 60;
const lives = [7 * day, 30 * day, 90 * day, 365 * day];
const usualLife = 90 * day;

export function CreateApiKey({ permissions, create, kind, size, messages, onDone }: CreateApiKeyProps) {
  const texts = useTexts('apiKeys', english, messages);
  const { locale, messages: all } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const submit = async (values: FormValues) => {
    const expiresIn = Number(values.text('expiresIn'));
    setSecret(await create({ ...apiKeyChoicesIn(values, permissions), expiresIn }));
    setOpen(false);
  };
  const footer = (
    <>
      <Button onClick={() => setOpen(false)}>{all.ui.cancel}</Button>
      <SubmitButton>{texts.create}</SubmitButton>
    </>
  );
  const finish = () => {
    setSecret(null);
    onDone?.();
  };
  return (
    <>
      <Button kind={kind} size={size} icon={Plus} onClick={() => setOpen(true)}>
        {texts.create}
      </Button>
      {isOpen && (
        <Dialog
          part="create-api-key"
          title={texts.createTitle}
          lead={texts.createLead}
          onClose={() => setOpen(false)}
          submit={submit}
          errorTexts={{ CONFLICT: texts.tooMany }}
          footer={footer}
        >
          <ApiKeyFields scopes={permissions} texts={texts} />
          <Select name="expiresIn" label={texts.life} defaultValue={usualLife}>
            {lives.map((seconds) => (
              <option key={seconds} value={seconds}>
                {durationText(seconds, locale)}
              </option>
            ))}
          </Select>
        </Dialog>
      )}
      {secret !== null && <ApiKeyOnce secret={secret} texts={texts} onDone={finish} />}
    </>
  );
}
