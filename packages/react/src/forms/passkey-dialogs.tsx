/** The dialogs for passkeys. */
import type { OwnPasskeyFragment } from '@postern/client';
import type { Messages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from '../ui/button.tsx';
import { deviceOf } from '../ui/device.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import type { FormValues } from '../ui/form.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';

interface DialogProps {
  texts: Messages['passkeys'];
  onClose: () => void;
}

/** As long as the gateway allows. */
const maxLength = 100;

export function AddPasskey({ texts, add, onClose }: DialogProps & { add: (name: string) => Promise<void> }) {
  const device = deviceOf(navigator.userAgent, useLanguage().messages.ui.on);
  const submit = async (name: string) => {
    await add(name);
    onClose();
  };
  return (
    <NameDialog
      part="add-passkey"
      title={texts.addTitle}
      lead={texts.addLead}
      label={texts.add}
      texts={texts}
      name={device ?? ''}
      submit={submit}
      onClose={onClose}
    />
  );
}

interface OneProps extends DialogProps {
  passkey: OwnPasskeyFragment;
}

export function RenamePasskey({
  texts,
  passkey,
  rename,
  onClose,
}: OneProps & { rename: (id: string, name: string) => Promise<void> }) {
  const submit = async (name: string) => {
    await rename(passkey.id, name);
    onClose();
  };
  return (
    <NameDialog
      part="rename-passkey"
      title={texts.renameTitle}
      label={texts.save}
      texts={texts}
      name={passkey.name}
      submit={submit}
      onClose={onClose}
    />
  );
}

export function RemovePasskey({
  texts,
  passkey,
  remove,
  onClose,
}: OneProps & { remove: (id: string) => Promise<void> }) {
  return (
    <ReasonDialog
      title={texts.removeTitle(passkey.name)}
      lead={texts.removeLead}
      action={texts.removeAction}
      danger
      reason="none"
      errorTexts={{ CONFLICT: texts.lastWayIn }}
      confirm={() => remove(passkey.id)}
      onClose={onClose}
    />
  );
}

interface NameDialogProps extends DialogProps {
  part: string;
  title: string;
  lead?: string;
  label: string;
  name: string;
  submit: (name: string) => Promise<void>;
}

function NameDialog({ part, title, lead, label, texts, name, submit, onClose }: NameDialogProps) {
  const { messages } = useLanguage();
  return (
    <Dialog
      part={part}
      title={title}
      lead={lead}
      onClose={onClose}
      submit={(values: FormValues) => submit(values.text('name').trim())}
      footer={
        <>
          <Button onClick={onClose}>{messages.ui.cancel}</Button>
          <SubmitButton>{label}</SubmitButton>
        </>
      }
    >
      <Field
        name="name"
        label={texts.name}
        hint={texts.nameHint}
        defaultValue={name}
        maxLength={maxLength}
        autoComplete="off"
        required
      />
    </Dialog>
  );
}
