/** Creates an account for an identity at a provider. */
import type { SignedIn } from '@postern/client';
import { english } from '../messages/en/finish-sign-up.tsx';
import { english as registerEnglish } from '../messages/en/register.tsx';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { type SignUpStep, useSignIn } from '../sign-in/use-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Form, type FormValues } from '../ui/form.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm, Mark } from './form-parts.tsx';
import { useDone } from './use-done.ts';

export interface FinishSignUpProps extends FormPartProps<'signUp'> {
  onDone?: ((signedIn: SignedIn) => void) | undefined;
}

export function FinishSignUp({ className, messages: own, level, onDone }: FinishSignUpProps) {
  const signIn = useSignIn();
  const texts = useTexts('signUp', english, own);
  const mailTexts = useTexts('register', registerEnglish);
  const { messages } = useLanguage();
  useDone(signIn.step === 'done' ? signIn.signedIn : null, onDone);
  const part = { part: 'finish-sign-up', className, level };
  if (signIn.step === 'confirmMail') {
    return <GateForm {...part} title={mailTexts.sentTitle} lead={mailTexts.sentLead(<Mark>{signIn.email}</Mark>)} />;
  }
  if (signIn.step !== 'signUp') return null;
  const { emailAtProvider, displayName, missing } = signIn.proposal;
  const needsEmail = missing.includes('email');
  return (
    <GateForm
      {...part}
      title={texts.title}
      lead={emailAtProvider === null ? texts.leadWithoutEmail : texts.lead(<Mark>{emailAtProvider}</Mark>)}
    >
      <Form error={signIn.error} submit={(values) => signIn.finish(inputOf(signIn, values))}>
        {needsEmail && (
          <Field
            name="email"
            label={messages.ui.email}
            type="email"
            inputMode="email"
            autoComplete="email"
            defaultValue={emailAtProvider ?? ''}
            required
          />
        )}
        <Field
          name="displayName"
          label={messages.ui.displayName}
          autoComplete="name"
          maxLength={100}
          defaultValue={displayName ?? ''}
        />
        <SubmitButton size="large" block pending={signIn.pending}>
          {texts.submit}
        </SubmitButton>
      </Form>
      <Button kind="ghost" block onClick={signIn.startAgain}>
        {texts.startAgain}
      </Button>
    </GateForm>
  );
}

function inputOf({ proposal }: SignUpStep, values: FormValues) {
  const displayName = values.text('displayName').trim() || null;
  return proposal.missing.includes('email') ? { displayName, email: values.text('email').trim() } : { displayName };
}
