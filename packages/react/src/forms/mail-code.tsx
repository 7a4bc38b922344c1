/** Signs in with the code of a mail: asks for the address, then for the code. */
import type { SignedIn } from '@postern/client';
import { english } from '../messages/en/mail-code.tsx';
import type { Messages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { type MailCodeStep, useSignIn } from '../sign-in/use-sign-in.ts';
import { CodeField } from '../ui/code-field.tsx';
import { Field } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm, Mark } from './form-parts.tsx';
import { ResendCode } from './resend-code.tsx';
import { useDone } from './use-done.ts';

export interface MailCodeProps extends FormPartProps<'mailCode'> {
  onDone?: ((signedIn: SignedIn) => void) | undefined;
}

interface PartProps extends Omit<MailCodeProps, 'onDone' | 'messages'> {
  signIn: MailCodeStep;
  texts: Messages['mailCode'];
}

export function MailCode({ onDone, messages, ...props }: MailCodeProps) {
  const signIn = useSignIn();
  const texts = useTexts('mailCode', english, messages);
  useDone(signIn.step === 'done' ? signIn.signedIn : null, onDone);
  if (signIn.step !== 'mailCode') return null;
  const Part = signIn.flow === null ? AskForAddress : AskForCode;
  return <Part key={signIn.flow} signIn={signIn} texts={texts} {...props} />;
}

function AskForAddress({ signIn, texts, className, level }: PartProps) {
  const { messages } = useLanguage();
  return (
    <GateForm part="mail-code" className={className} title={texts.title} lead={texts.lead} level={level}>
      <Form error={signIn.error} submit={(values) => signIn.send(values.text('email').trim())}>
        <Field
          name="email"
          label={messages.ui.email}
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={signIn.email ?? ''}
          required
        />
        <SubmitButton size="large" block pending={signIn.pending}>
          {texts.submit}
        </SubmitButton>
      </Form>
      <StartAgain signIn={signIn} texts={texts} />
    </GateForm>
  );
}

function AskForCode({ signIn, texts, className, level }: PartProps) {
  const { email, sent } = signIn;
  const lead = email === null ? texts.otherBrowser : texts.sent(<Mark>{email}</Mark>);
  return (
    <GateForm part="mail-code" className={className} title={texts.codeTitle} lead={lead} level={level}>
      <Form
        error={signIn.error}
        fieldOf={{ INVALID_CREDENTIALS: 'code' }}
        errorTexts={{ INVALID_CREDENTIALS: texts.wrongCode }}
        submit={(values) => signIn.withCode(values.text('code'))}
      >
        <CodeField name="code" label={texts.codeLabel} hint={texts.codeHint} length={8} focused />
        <SubmitButton size="large" block pending={signIn.pending}>
          {texts.verify}
        </SubmitButton>
      </Form>
      {sent !== null && email !== null && (
        <ResendCode pauseSeconds={sent.resendAfter} resend={() => signIn.send(email)} texts={texts} />
      )}
      <StartAgain signIn={signIn} texts={texts} />
    </GateForm>
  );
}

function StartAgain({ signIn, texts }: Pick<PartProps, 'signIn' | 'texts'>) {
  return (
    <p className="hint">
      <button type="button" className="link" onClick={signIn.startAgain}>
        {texts.startAgain}
      </button>
    </p>
  );
}
