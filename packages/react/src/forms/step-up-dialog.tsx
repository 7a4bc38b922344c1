/** Asks the user to prove that the session is theirs: with password and code, a passkey, a visit to a provider, or a code by mail. */
import type { SentCodeFragment } from '@postern/client';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Mail from 'lucide-react/icons/mail';
import { useState } from 'react';
import { useIdentities } from '../account/use-identities.ts';
import { useSignInMethods } from '../account/use-password.ts';
import { english } from '../messages/en/step-up.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { usePosternClient } from '../provider/postern-context.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import type { FormValues } from '../ui/form.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface StepUpDialogProps extends Pick<FormPartProps<'stepUp'>, 'messages'> {
  onDone: () => void;
  onCancel: () => void;
}

export function StepUpDialog({ messages: own, onDone, onCancel }: StepUpDialogProps) {
  const texts = useTexts('stepUp', english, own);
  const { messages } = useLanguage();
  const client = usePosternClient();
  const { viewer } = useSession();
  const { value: ways } = useSignInMethods();
  const [error, setError] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  const [mailed, setMailed] = useState<SentCodeFragment | null>(null);
  const mfa = viewer?.mfa.methods ?? [];
  const hasCode = mfa.some((method) => method === 'TOTP' || method === 'BACKUP_CODE');
  const hasPasskey = mfa.includes('PASSKEY');
  const hasPassword = ways?.hasPassword ?? false;
  const isByProvider = ways?.signInMethods.includes('FEDERATED') ?? false;

  const prove = async (values: FormValues) => {
    setError(null);
    const code = values.text('code').trim();
    await client.reauthenticate({
      ...(mailed
        ? { emailCode: { flow: mailed.flow, code: values.text('emailCode') } }
        : hasPassword && { password: values.text('password') }),
      ...(code !== '' && { code }),
    });
    onDone();
  };
  const proveWithPasskey = async () => {
    setAsking(true);
    setError(null);
    await client.reauthenticateWithPasskey().then(onDone, setError);
    setAsking(false);
  };
  const mailCode = async () => {
    setAsking(true);
    setError(null);
    await client.beginReauthenticationCode().then(setMailed, setError);
    setAsking(false);
  };
  const footer = (
    <>
      <Button onClick={onCancel}>{messages.ui.cancel}</Button>
      {(hasPassword || hasCode || mailed !== null) && <SubmitButton>{texts.submit}</SubmitButton>}
    </>
  );
  return (
    <Dialog
      part="step-up"
      title={texts.title}
      lead={texts.lead}
      onClose={onCancel}
      submit={prove}
      error={error}
      fieldOf={{
        INVALID_CREDENTIALS: mailed ? 'emailCode' : hasPassword ? 'password' : 'code',
        INVALID_MFA_CODE: 'code',
      }}
      errorTexts={{
        INVALID_CREDENTIALS: mailed ? texts.wrongMailCode : texts.wrong,
        INVALID_MFA_CODE: texts.wrongCode,
      }}
      footer={footer}
    >
      {ways === null && <Skeleton count={2} />}
      {mailed !== null && (
        <Field
          name="emailCode"
          label={texts.mailCode}
          hint={texts.mailedTo(mailed.maskedTarget)}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={64}
          required
        />
      )}
      {hasPassword && mailed === null && (
        <PasswordField name="password" label={texts.password} autoComplete="current-password" required />
      )}
      {ways !== null && hasCode && (
        <Field
          name="code"
          label={texts.code}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          required
        />
      )}
      {ways !== null && !hasPassword && !hasPasskey && mailed === null && (
        <Button block icon={Mail} pending={isAsking} onClick={mailCode}>
          {texts.sendMailCode}
        </Button>
      )}
      {hasPasskey && (
        <Button block icon={FingerprintPattern} pending={isAsking} onClick={proveWithPasskey}>
          {texts.passkey}
        </Button>
      )}
      {isByProvider && !hasPassword && !hasPasskey && <ProviderProofs texts={texts} setError={setError} />}
    </Dialog>
  );
}

interface ProviderProofsProps {
  texts: { withProvider: (name: string) => string; leaves: string };
  setError: (error: unknown) => void;
}

function ProviderProofs({ texts, setError }: ProviderProofsProps) {
  const client = usePosternClient();
  const { identities } = useIdentities();
  return (
    <>
      {identities?.map(({ id, provider }) => (
        <Button key={id} block onClick={() => client.reauthenticateWith(provider.id).catch(setError)}>
          {texts.withProvider(provider.displayName)}
        </Button>
      ))}
      <p className="hint">{texts.leaves}</p>
    </>
  );
}
