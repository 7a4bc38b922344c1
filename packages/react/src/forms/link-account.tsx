/** Links the account at a provider to the existing account with its address, after one proof of that account. */
import type { SignedIn } from '@postern/client';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import { english } from '../messages/en/link-account.tsx';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { Note } from '../ui/note.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm, Mark } from './form-parts.tsx';
import { useDone } from './use-done.ts';

export interface LinkAccountProps extends FormPartProps<'link'> {
  onDone?: ((signedIn: SignedIn) => void) | undefined;
}

export function LinkAccount({ className, messages: own, level, onDone }: LinkAccountProps) {
  const signIn = useSignIn();
  const texts = useTexts('link', english, own);
  const { messages } = useLanguage();
  useDone(signIn.step === 'done' ? signIn.signedIn : null, onDone);
  if (signIn.step !== 'link') return null;
  const { email, proofs } = signIn.proposal;
  const hasPassword = proofs.includes('PASSWORD');
  const hasPasskey = proofs.includes('PASSKEY');
  const withPasskey = (
    <Button
      kind={hasPassword ? 'plain' : 'primary'}
      size="large"
      block
      icon={FingerprintPattern}
      pending={signIn.pending}
      onClick={signIn.withPasskey}
    >
      {texts.usePasskey}
    </Button>
  );
  return (
    <GateForm
      part="link-account"
      className={className}
      title={texts.title}
      lead={texts.lead(<Mark>{email}</Mark>)}
      level={level}
    >
      {!hasPassword && !hasPasskey && <Note kind="warn">{texts.noProof}</Note>}
      {hasPassword && (
        <Form
          error={signIn.error}
          fieldOf={{ INVALID_CREDENTIALS: 'password' }}
          errorTexts={{ INVALID_CREDENTIALS: texts.wrong }}
          submit={(values) => signIn.withPassword(values.text('password'))}
        >
          <PasswordField name="password" label={messages.ui.password} autoComplete="current-password" required />
          <SubmitButton size="large" block pending={signIn.pending}>
            {texts.submit}
          </SubmitButton>
        </Form>
      )}
      {hasPasskey && withPasskey}
      <Button kind="ghost" block onClick={signIn.startAgain}>
        {texts.startAgain}
      </Button>
    </GateForm>
  );
}
