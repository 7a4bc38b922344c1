/** Deletes the account of the user, after the password where the account has one. */
import { useState } from 'react';
import { useSignInMethods } from '../account/use-password.ts';
import { useProfile } from '../account/use-profile.ts';
import { english } from '../messages/en/delete-account.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { FormValues } from '../ui/form.tsx';
import { Panel } from '../ui/panel.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface DeleteAccountProps extends Omit<FormPartProps<'deleteAccount'>, 'level'> {
  /** The session has ended by then. `purgeAt`: when the data is erased. */
  onDone?: ((deleted: { purgeAt: string }) => void) | undefined;
}

export function DeleteAccount({ className, messages: own, onDone }: DeleteAccountProps) {
  const texts = useTexts('deleteAccount', english, own);
  const { messages } = useLanguage();
  const { value: ways } = useSignInMethods();
  const { deleteAccount } = useProfile();
  const [isOpen, setOpen] = useState(false);
  const hasPassword = ways?.hasPassword ?? true;
  const submit = async (values: FormValues) => {
    const deleted = await deleteAccount(hasPassword ? values.text('password') : null);
    setOpen(false);
    onDone?.(deleted);
  };
  const close = () => setOpen(false);
  const open = (
    <Button kind="danger" onClick={() => setOpen(true)}>
      {texts.open}
    </Button>
  );
  return (
    <Panel part="delete-account" className={className} title={texts.title} lead={texts.lead} action={open}>
      {isOpen && (
        <Dialog
          part="delete-account-dialog"
          title={texts.question}
          lead={texts.effects}
          onClose={close}
          submit={submit}
          fieldOf={{ INVALID_CREDENTIALS: 'password' }}
          errorTexts={{ INVALID_CREDENTIALS: texts.wrong }}
          footer={
            <>
              <Button onClick={close}>{messages.ui.cancel}</Button>
              <SubmitButton kind="danger-solid">{texts.submit}</SubmitButton>
            </>
          }
        >
          {hasPassword && (
            <PasswordField name="password" label={texts.password} autoComplete="current-password" required />
          )}
        </Dialog>
      )}
    </Panel>
  );
}
