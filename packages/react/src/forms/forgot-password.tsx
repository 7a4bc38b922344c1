/** Mails a link to choose a new password. The answer is the same for every address. */
import { type ReactNode, useState } from 'react';
import { usePassword } from '../account/use-password.ts';
import { english } from '../messages/en/forgot-password.tsx';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Field } from '../ui/field.tsx';
import { Form, type FormValues } from '../ui/form.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm, Mark } from './form-parts.tsx';

export interface ForgotPasswordProps extends FormPartProps<'forgotPassword'> {
  onDone?: (() => void) | undefined;
  /** A link back to the sign-in. */
  next?: ReactNode;
}

export function ForgotPassword({ className, messages: own, level, onDone, next }: ForgotPasswordProps) {
  const texts = useTexts('forgotPassword', english, own);
  const { messages } = useLanguage();
  const { requestReset } = usePassword();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const submit = async (values: FormValues) => {
    const email = values.text('email').trim();
    await requestReset({ email });
    setSentTo(email);
    onDone?.();
  };
  const part = { part: 'forgot-password', className, level };
  if (sentTo !== null)
    return (
      <GateForm {...part} title={texts.sentTitle} lead={texts.sent(<Mark>{sentTo}</Mark>)}>
        {next}
      </GateForm>
    );
  return (
    <GateForm {...part} title={texts.title} lead={texts.lead} captcha="PASSWORD_RESET">
      <Form submit={submit}>
        <Field
          name="email"
          label={messages.ui.email}
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <SubmitButton size="large" block>
          {texts.submit}
        </SubmitButton>
      </Form>
      {next}
    </GateForm>
  );
}
