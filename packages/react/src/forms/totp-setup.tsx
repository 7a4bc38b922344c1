/** Sets up and removes the authenticator app. A row: put it into `<ul className="rows">`. */
import Smartphone from 'lucide-react/icons/smartphone';
import { useState } from 'react';
import { type TotpEnrollment, useTotp } from '../account/use-totp.ts';
import { useAction } from '../loading/use-action.ts';
import { english } from '../messages/en/totp.ts';
import type { Messages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorText } from '../ui/error-text.tsx';
import { Field } from '../ui/field.tsx';
import { Row } from '../ui/panel.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { BackupCodesOnce } from './backup-codes-once.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface TotpSetupProps extends Pick<FormPartProps<'totp'>, 'messages'> {
  /** After the app was set up and the backup codes were saved. */
  onDone?: (() => void) | undefined;
}

export function TotpSetup({ messages, onDone }: TotpSetupProps) {
  const texts = useTexts('totp', english, messages);
  const { isEnabled, begin, confirm, disable } = useTotp();
  const [enrollment, setEnrollment] = useState<TotpEnrollment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  // Begins with the click, not with an effect: each call makes a new secret.
  const setUp = useAction(async () => setEnrollment(await begin()));
  const finish = async (code: string) => {
    const created = await confirm(code);
    setEnrollment(null);
    if (created.length > 0) setCodes(created);
    else onDone?.();
  };
  const saved = () => {
    setCodes(null);
    onDone?.();
  };
  const action = isEnabled ? (
    <Button size="small" aria-label={texts.removeOne} onClick={() => setRemoving(true)}>
      {texts.remove}
    </Button>
  ) : (
    <Button size="small" aria-label={texts.setUpOne} pending={setUp.pending} onClick={() => setUp.run()}>
      {texts.setUp}
    </Button>
  );
  return (
    <>
      <Row icon={Smartphone} title={texts.title} actions={action}>
        {setUp.error === null ? (
          texts.sub
        ) : (
          <span className="error" role="alert">
            <ErrorText error={setUp.error} />
          </span>
        )}
      </Row>
      {enrollment && (
        <EnrollmentDialog texts={texts} enrollment={enrollment} confirm={finish} onClose={() => setEnrollment(null)} />
      )}
      {codes !== null && <BackupCodesOnce codes={codes} onDone={saved} />}
      {isRemoving && (
        <ReasonDialog
          title={texts.removeTitle}
          lead={texts.removeLead}
          action={texts.removeAction}
          danger
          reason="none"
          fieldOf={{ INVALID_MFA_CODE: 'code' }}
          errorTexts={{ INVALID_MFA_CODE: texts.wrongRemovalCode }}
          confirm={(_, values) => disable(values.text('code').trim())}
          onClose={() => setRemoving(false)}
        >
          <Field
            name="code"
            label={texts.removeCode}
            autoComplete="one-time-code"
            maxLength={64}
            spellCheck={false}
            required
          />
        </ReasonDialog>
      )}
    </>
  );
}

interface EnrollmentDialogProps {
  texts: Messages['totp'];
  enrollment: TotpEnrollment;
  confirm: (code: string) => Promise<void>;
  onClose: () => void;
}

function EnrollmentDialog({ texts, enrollment, confirm, onClose }: EnrollmentDialogProps) {
  const { messages } = useLanguage();
  return (
    <Dialog
      part="totp-setup"
      title={texts.setUpTitle}
      lead={texts.scan}
      onClose={onClose}
      submit={(values) => confirm(values.text('code'))}
      fieldOf={{ INVALID_MFA_CODE: 'code' }}
      errorTexts={{ INVALID_MFA_CODE: texts.wrongCode }}
      footer={
        <>
          <Button onClick={onClose}>{messages.ui.cancel}</Button>
          <SubmitButton>{texts.submit}</SubmitButton>
        </>
      }
    >
      <img className="qr" src={enrollment.qrCode} alt={texts.qrCode} />
      <div>
        <p className="hint">{texts.byHand}</p>
        <p className="key">
          <code>{enrollment.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          <CopyButton text={enrollment.secret} name={texts.key} />
        </p>
      </div>
      <CodeField name="code" label={texts.code} focused />
    </Dialog>
  );
}
