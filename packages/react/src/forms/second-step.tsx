/** Asks for the second factor of a sign-in that has begun. */
import type { MfaMethod, SignedIn } from '@postern/client';
import ChevronRight from 'lucide-react/icons/chevron-right';
import FileText from 'lucide-react/icons/file-text';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Mail from 'lucide-react/icons/mail';
import MessageSquare from 'lucide-react/icons/message-square';
import Smartphone from 'lucide-react/icons/smartphone';
import { useState } from 'react';
import { english } from '../messages/en/second-step.tsx';
import type { Messages } from '../messages/messages.ts';
import { useTexts } from '../messages/use-texts.ts';
import { type SecondStepStep, useSignIn } from '../sign-in/use-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { Field } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { type FormPartProps, GateForm, Mark } from './form-parts.tsx';
import { SentCode } from './sent-code.tsx';
import { useDone } from './use-done.ts';

export interface SecondStepProps extends FormPartProps<'secondStep'> {
  onDone?: ((signedIn: SignedIn) => void) | undefined;
  /** Whether the form has its own "Start again". Default true. */
  startAgain?: boolean | undefined;
}

type Texts = Messages['secondStep'];

/** The methods that this version can ask for, most convenient first. */
const order = ['TOTP', 'PASSKEY', 'EMAIL_CODE', 'SMS_CODE', 'BACKUP_CODE'] as const satisfies MfaMethod[];
type Method = (typeof order)[number];

export function SecondStep({ onDone, messages, ...props }: SecondStepProps) {
  const signIn = useSignIn();
  const texts = useTexts('secondStep', english, messages);
  useDone(signIn.step === 'done' ? signIn.signedIn : null, onDone);
  if (signIn.step === 'secondStep')
    return <Challenge key={signIn.challenge.ticket} signIn={signIn} texts={texts} {...props} />;
  if (signIn.step === 'done') return null;
  return (
    <GateForm part="second-step" className={props.className} title={texts.noSignIn} level={props.level}>
      <Button kind="primary" size="large" block onClick={signIn.startAgain}>
        {texts.startAgain}
      </Button>
    </GateForm>
  );
}

type ChallengeProps = Omit<SecondStepProps, 'onDone' | 'messages'> & { signIn: SecondStepStep; texts: Texts };

function Challenge({ signIn, texts, className, level, startAgain = true }: ChallengeProps) {
  const methods = order.filter((method) => signIn.challenge.methods.includes(method));
  const [method, setMethod] = useState<Method>(methods[0] ?? 'TOTP');
  const email = <Mark>{signIn.email ?? texts.yourAccount}</Mark>;
  const leads = {
    TOTP: texts.totpLead,
    PASSKEY: texts.passkeyLead,
    EMAIL_CODE: texts.mailLead,
    SMS_CODE: texts.smsLead,
    BACKUP_CODE: texts.backupLead,
  };
  return (
    <GateForm
      part="second-step"
      className={className}
      title={method === 'PASSKEY' ? texts.title : texts.codeTitle}
      lead={leads[method](email)}
      level={level}
    >
      <Proof key={method} method={method} signIn={signIn} texts={texts} />
      {startAgain && (
        <p className="hint">
          {texts.validFor}{' '}
          <button type="button" className="link" onClick={signIn.startAgain}>
            {texts.startAgain}
          </button>
        </p>
      )}
      <OtherWays methods={methods.filter((other) => other !== method)} pick={setMethod} texts={texts} />
    </GateForm>
  );
}

function Proof({ method, signIn, texts }: { method: Method; signIn: SecondStepStep; texts: Texts }) {
  const submit = (code: string) => (method === 'PASSKEY' ? signIn.withPasskey() : signIn.withCode({ method, code }));
  return (
    <Form
      error={signIn.error}
      fieldOf={method === 'PASSKEY' ? {} : { INVALID_MFA_CODE: 'code' }}
      errorTexts={{ INVALID_MFA_CODE: texts.wrongCode, PASSKEY_CANCELLED: texts.passkeyRefused }}
      submit={(values) => submit(values.text('code'))}
    >
      {(method === 'EMAIL_CODE' || method === 'SMS_CODE') && (
        <SentCode
          method={method}
          label={method === 'SMS_CODE' ? texts.smsLabel : texts.mailLabel}
          ticket={signIn.challenge.ticket}
          texts={texts}
        />
      )}
      {method === 'TOTP' && <CodeField name="code" label={texts.totpLabel} hint={texts.totpHint} focused />}
      {method === 'BACKUP_CODE' && (
        <Field
          name="code"
          className="mono"
          label={texts.backupLabel}
          hint={texts.backupHint}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          required
        />
      )}
      <SubmitButton size="large" block pending={signIn.pending}>
        {method === 'PASSKEY' ? texts.usePasskey : texts.submit}
      </SubmitButton>
    </Form>
  );
}

const icons = {
  TOTP: Smartphone,
  PASSKEY: FingerprintPattern,
  EMAIL_CODE: Mail,
  SMS_CODE: MessageSquare,
  BACKUP_CODE: FileText,
};

interface OtherWaysProps {
  methods: readonly Method[];
  pick: (method: Method) => void;
  texts: Texts;
}

function OtherWays({ methods, pick, texts }: OtherWaysProps) {
  if (methods.length === 0) return null;
  const hints = {
    TOTP: texts.totpWay,
    PASSKEY: texts.passkeyWay,
    EMAIL_CODE: texts.mailWay,
    SMS_CODE: texts.smsWay,
    BACKUP_CODE: texts.backupWay,
  };
  return (
    <div className="ways">
      <h2>{texts.otherWays}</h2>
      {methods.map((method) => (
        <button key={method} type="button" className="way" onClick={() => pick(method)}>
          <Icon of={icons[method]} size={18} />
          <span>
            {texts[method]}
            <span className="hint">{hints[method]}</span>
          </span>
          <Icon of={ChevronRight} />
        </button>
      ))}
    </div>
  );
}
