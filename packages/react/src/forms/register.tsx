/** Creates an account. The answer is the same for an address that has one already: the mail tells its owner. */
import type { RegistrationStatus } from '@postern/client';
import { type ReactNode, useEffect, useState } from 'react';
import { useEnabledMethods } from '../account/use-enabled-methods.ts';
import { useRegister } from '../account/use-register.ts';
import { english } from '../messages/en/register.tsx';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Field } from '../ui/field.tsx';
import { Form, type FormValues } from '../ui/form.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm, Mark } from './form-parts.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { ProviderButtons } from './provider-buttons.tsx';

export interface RegisterProps extends FormPartProps<'register'> {
  onDone?: ((status: RegistrationStatus) => void) | undefined;
  /** The address of the page with `ProviderReturn`. It has to be in RETURN_URLS. Default: this page. */
  returnTo?: string | undefined;
  /** A link to the sign-in, shown when the account is ready. */
  next?: ReactNode;
}

export function Register({ className, messages: own, level, onDone, returnTo, next }: RegisterProps) {
  const texts = useTexts('register', english, own);
  const { messages, locale } = useLanguage();
  const { register } = useRegister();
  const { value: methods } = useEnabledMethods();
  const hasPassword = methods?.includes('PASSWORD') ?? true;
  const [registered, setRegistered] = useState<{ status: RegistrationStatus; email: string } | null>(null);
  const submit = async (values: FormValues) => {
    const email = values.text('email').trim();
    const displayName = values.text('displayName').trim() || null;
    const password = hasPassword ? values.text('password') : null;
    const status = await register({ email, displayName, password, locale });
    setRegistered({ status, email });
    onDone?.(status);
  };
  const part = { part: 'register', className, level };
  if (registered?.status === 'VERIFICATION_SENT')
    return (
      <GateForm {...part} title={texts.sentTitle} lead={texts.sentLead(<Mark>{registered.email}</Mark>)}>
        <Resend email={registered.email} texts={texts} />
      </GateForm>
    );
  if (registered)
    return (
      <GateForm {...part} title={texts.activeTitle} lead={texts.activeLead}>
        {next}
      </GateForm>
    );
  return (
    <GateForm {...part} title={texts.title} captcha="REGISTER">
      <Form submit={submit} failure={texts.notCreated}>
        <Field name="displayName" label={messages.ui.displayName} autoComplete="name" maxLength={100} />
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
        {hasPassword && <NewPasswordField name="password" label={messages.ui.password} />}
        <SubmitButton size="large" block>
          {texts.submit}
        </SubmitButton>
      </Form>
      <ProviderButtons visit={returnTo === undefined ? {} : { returnTo }} />
    </GateForm>
  );
}

/** The gateway sends few mails to one address. */
const pauseSeconds = 60;

interface ResendProps {
  email: string;
  texts: { sentHint: string; resend: string; resent: string; resendIn: (seconds: number) => string };
}

function Resend({ email, texts }: ResendProps) {
  const { resend } = useRegister();
  const [left, setLeft] = useState(pauseSeconds);
  const [state, setState] = useState<{ pending: boolean; isSent: boolean; error: unknown }>({
    pending: false,
    isSent: false,
    error: null,
  });
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const again = async () => {
    setState({ pending: true, isSent: false, error: null });
    await resend({ email }).then(
      () => {
        setState({ pending: false, isSent: true, error: null });
        setLeft(pauseSeconds);
      },
      (error: unknown) => setState({ pending: false, isSent: false, error }),
    );
  };
  return (
    <>
      {state.error !== null && <ErrorSummary error={state.error} />}
      <p className="hint" role="status">
        {state.isSent ? texts.resent : texts.sentHint}
      </p>
      <Button
        size="large"
        block
        pending={state.pending}
        disabledReason={left > 0 ? texts.resendIn(left) : null}
        onClick={again}
      >
        {texts.resend}
      </Button>
    </>
  );
}
