/** The password of the user: changes it, or sets one where the account has none. */
import KeyRound from 'lucide-react/icons/key-round';
import { useState } from 'react';
import { usePassword, useSignInMethods } from '../account/use-password.ts';
import { english } from '../messages/en/change-password.ts';
import type { FormMessages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { FormValues } from '../ui/form.tsx';
import { LoadFailure } from '../ui/load-failure.tsx';
import { Note } from '../ui/note.tsx';
import { Panel, Row } from '../ui/panel.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import type { FormPartProps } from './form-parts.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { UserName } from './user-name.tsx';

export interface ChangePasswordProps extends Omit<FormPartProps<'changePassword'>, 'level'> {
  onDone?: (() => void) | undefined;
}

export function ChangePassword({ className, messages: own, onDone }: ChangePasswordProps) {
  const texts = useTexts('changePassword', english, own);
  const ways = useSignInMethods();
  const [isOpen, setOpen] = useState(false);
  const [revokedCount, setRevokedCount] = useState<number | null>(null);
  const hasPassword = ways.value?.hasPassword ?? true;
  const done = async (count: number) => {
    setOpen(false);
    setRevokedCount(count);
    await ways.reload();
    onDone?.();
  };
  const open = (
    <Button size="small" onClick={() => setOpen(true)}>
      {hasPassword ? texts.change : texts.set}
    </Button>
  );
  return (
    <Panel part="change-password" className={className} title={texts.title} isTitleHidden>
      {ways.error !== null && <LoadFailure error={ways.error} retry={ways.reload} />}
      {ways.value === null && ways.error === null && <Skeleton shape="rows" count={1} />}
      {ways.value !== null && (
        <ul className="rows">
          <Row icon={KeyRound} title={texts.title} actions={open}>
            {hasPassword ? texts.sub : texts.none}
          </Row>
        </ul>
      )}
      {revokedCount !== null && (
        <Note kind="ok" role="status">
          {texts.done(revokedCount)}
        </Note>
      )}
      {isOpen && (
        <PasswordDialog texts={texts} hasPassword={hasPassword} onClose={() => setOpen(false)} onDone={done} />
      )}
    </Panel>
  );
}

interface PasswordDialogProps {
  texts: FormMessages['changePassword'];
  hasPassword: boolean;
  onClose: () => void;
  onDone: (revokedCount: number) => Promise<void>;
}

function PasswordDialog({ texts, hasPassword, onClose, onDone }: PasswordDialogProps) {
  const { messages } = useLanguage();
  const { viewer } = useSession();
  const { change, set } = usePassword();
  const submit = async (values: FormValues) => {
    const newPassword = values.text('newPassword');
    const { revokedCount } = hasPassword
      ? await change({ currentPassword: values.text('currentPassword'), newPassword })
      : await set({ newPassword });
    await onDone(revokedCount);
  };
  return (
    <Dialog
      part="password-dialog"
      title={hasPassword ? texts.change : texts.set}
      lead={texts.effect}
      onClose={onClose}
      submit={submit}
      failure={texts.notChanged}
      fieldOf={{ INVALID_CREDENTIALS: 'currentPassword' }}
      errorTexts={{ INVALID_CREDENTIALS: texts.wrong }}
      footer={
        <>
          <Button onClick={onClose}>{messages.ui.cancel}</Button>
          <SubmitButton>{texts.submit}</SubmitButton>
        </>
      }
    >
      <UserName email={viewer?.email ?? ''} />
      {hasPassword && (
        <PasswordField name="currentPassword" label={texts.current} autoComplete="current-password" required />
      )}
      <NewPasswordField name="newPassword" />
    </Dialog>
  );
}
