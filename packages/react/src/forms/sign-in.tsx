/** Signs in with password, passkey, provider or mail code, and shows the further steps where the sign-in needs them. */
import type { AuthMethod, SignedIn } from '@postern/client';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Mail from 'lucide-react/icons/mail';
import { type ReactNode, useState } from 'react';
import { useEnabledMethods } from '../account/use-enabled-methods.ts';
import { english } from '../messages/en/sign-in.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { type CredentialsStep, useSignIn } from '../sign-in/use-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/check.tsx';
import { Field } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm } from './form-parts.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { useDone } from './use-done.ts';
import { useFollowedLink } from './use-followed-link.ts';
import { useFurtherSteps } from './use-further-steps.ts';
import { usePasskeySupport } from './use-passkey-support.ts';
import { useSuggestedPasskey } from './use-suggested-passkey.ts';

export interface SignInProps extends FormPartProps<'signIn'> {
  onDone?: ((signedIn: SignedIn) => void) | undefined;
  /** A link, shown beside the password. */
  forgotPassword?: ReactNode;
  /** The address of the page with `ProviderReturn`. It has to be in RETURN_URLS. Default: this page. */
  returnTo?: string | undefined;
}

export function SignIn({ onDone, ...props }: SignInProps) {
  const signIn = useSignIn();
  useDone(signIn.step === 'done' ? signIn.signedIn : null, onDone);
  const steps = useFurtherSteps(signIn);
  useFollowedLink(signIn);
  if (signIn.step === 'credentials') return <Credentials signIn={signIn} {...props} />;
  if (steps === null) return null;
  const { className, level } = props;
  switch (signIn.step) {
    case 'mailCode':
      return <steps.MailCode className={className} level={level} />;
    case 'secondStep':
      return <steps.SecondStep className={className} level={level} />;
    case 'link':
      return <steps.LinkAccount className={className} level={level} />;
    case 'signUp':
    case 'confirmMail':
      return <steps.FinishSignUp className={className} level={level} />;
    default:
      return null;
  }
}

type CredentialsProps = Omit<SignInProps, 'onDone'> & { signIn: CredentialsStep };

function Credentials({ signIn, className, messages: own, level, forgotPassword, returnTo }: CredentialsProps) {
  const { messages } = useLanguage();
  const texts = useTexts('signIn', english, own);
  const [rememberMe, setRememberMe] = useState(true);
  const [email, setEmail] = useState(signIn.email ?? '');
  const { value: methods } = useEnabledMethods();
  const isEnabled = (method: AuthMethod) => methods?.includes(method) ?? method !== 'EMAIL_CODE';
  const hasPasskeys = usePasskeySupport();
  useSuggestedPasskey(signIn, rememberMe);
  const errorTexts = {
    INVALID_CREDENTIALS: texts.wrong,
    INVALID_MFA_TICKET: texts.expired,
    INVALID_TOKEN: texts.expired,
    PASSKEY_CANCELLED: texts.passkeyRefused,
  };
  return (
    <GateForm part="sign-in" className={className} title={texts.title} level={level}>
      <Form
        error={signIn.error}
        errorTexts={errorTexts}
        submit={(values) =>
          isEnabled('PASSWORD')
            ? signIn.withPassword({ email: email.trim(), password: values.text('password'), rememberMe })
            : signIn.sendMailCode(email.trim(), rememberMe)
        }
      >
        <Field
          name="email"
          label={messages.ui.email}
          type="email"
          inputMode="email"
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={email}
          onChange={(event) => setEmail(event.target.value)}
          required
        />
        {isEnabled('PASSWORD') && (
          <PasswordField
            name="password"
            label={messages.ui.password}
            autoComplete="current-password"
            aside={forgotPassword}
            required
          />
        )}
        <Check checked={rememberMe} onChange={(event) => setRememberMe(event.target.checked)}>
          {texts.rememberMe}
        </Check>
        <SubmitButton size="large" block pending={signIn.pending}>
          {isEnabled('PASSWORD') ? texts.submit : texts.sendCode}
        </SubmitButton>
      </Form>
      <div className="stack-12">
        <p className="divider">
          <span>{messages.ui.or}</span>
        </p>
        {hasPasskeys !== false && isEnabled('PASSKEY') && (
          <Button size="large" block icon={FingerprintPattern} onClick={() => signIn.withPasskey({ rememberMe })}>
            {texts.passkey}
          </Button>
        )}
        <ProviderButtons visit={{ rememberMe, ...(returnTo !== undefined && { returnTo }) }} />
        {isEnabled('EMAIL_CODE') && isEnabled('PASSWORD') && (
          <Button size="large" block icon={Mail} onClick={() => signIn.sendMailCode(email.trim(), rememberMe)}>
            {texts.mailCode}
          </Button>
        )}
      </div>
    </GateForm>
  );
}
