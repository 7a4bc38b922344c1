/** The dialogs for phones. Each change but the removal sends a code to the number, and takes it in a second step. */
import type { OwnPhoneFragment, SentCodeFragment } from '@postern/client';
import { type ReactNode, useState } from 'react';
import type { PhoneRules, UsePhones } from '../account/use-phones.ts';
import type { Messages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/check.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import type { FormValues } from '../ui/form.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { ResendCode } from './resend-code.tsx';

interface DialogProps extends Pick<UsePhones, 'begin'> {
  texts: Messages['phones'];
  rules: PhoneRules | null;
  confirm: (phone: { flow: string; code: string; factor: boolean }) => Promise<void>;
  onClose: () => void;
}

interface OneProps extends DialogProps {
  phone: OwnPhoneFragment;
}

export function AddPhone({ texts, mayBeFactor, ...props }: DialogProps & { mayBeFactor: boolean }) {
  return (
    <VerifyNumber
      {...props}
      texts={texts}
      title={texts.addTitle}
      lead={texts.addLead}
      factorOf={(values) => values.isChecked('factor')}
    >
      {mayBeFactor && <Check name="factor">{texts.useAsFactor}</Check>}
    </VerifyNumber>
  );
}

export function SwitchPhone({ texts, phone: { maskedNumber, factor }, ...props }: OneProps) {
  return (
    <VerifyNumber
      {...props}
      texts={texts}
      title={factor ? texts.stopTitle(maskedNumber) : texts.useTitle(maskedNumber)}
      lead={texts.switchLead}
      factorOf={() => !factor}
    />
  );
}

export function ReplacePhone({ texts, phone, confirm, remove, ...props }: OneProps & Pick<UsePhones, 'remove'>) {
  const confirmAndRemove: DialogProps['confirm'] = async (confirmed) => {
    await confirm(confirmed);
    await remove(phone.id);
  };
  return (
    <VerifyNumber
      {...props}
      texts={texts}
      title={texts.replaceTitle(phone.maskedNumber)}
      lead={texts.replaceLead}
      confirm={confirmAndRemove}
      factorOf={() => phone.factor}
    />
  );
}

interface RemoveProps extends Pick<OneProps, 'texts' | 'phone' | 'onClose'>, Pick<UsePhones, 'remove'> {}

export function RemovePhone({ texts, phone, remove, onClose }: RemoveProps) {
  return (
    <ReasonDialog
      title={texts.removeTitle(phone.maskedNumber)}
      lead={phone.factor ? texts.removeFactorLead : texts.removeLead}
      action={texts.removeAction}
      danger
      reason="none"
      confirm={() => remove(phone.id)}
      onClose={onClose}
    />
  );
}

interface VerifyProps extends DialogProps {
  title: string;
  lead: string;
  factorOf: (values: FormValues) => boolean;
  /** Below the number. */
  children?: ReactNode;
}

/** A number with a code on its way. */
interface Begun {
  number: string;
  factor: boolean;
  sent: SentCodeFragment;
}

function VerifyNumber({ texts, rules, title, lead, factorOf, begin, confirm, onClose, children }: VerifyProps) {
  const { messages } = useLanguage();
  const [begun, setBegun] = useState<Begun | null>(null);
  const send = async (values: FormValues) => {
    const number = values.text('number').trim();
    setBegun({ number, factor: factorOf(values), sent: await begin(number) });
  };
  const verify = async ({ sent, factor }: Begun, code: string) => {
    await confirm({ flow: sent.flow, code, factor });
    onClose();
  };
  return (
    <Dialog
      part="verify-phone"
      title={begun ? texts.codeTitle : title}
      lead={begun ? texts.sentTo(begun.sent.maskedTarget) : lead}
      onClose={onClose}
      submit={(values) => (begun ? verify(begun, values.text('code')) : send(values))}
      fieldOf={{ INVALID_MFA_CODE: 'code' }}
      errorTexts={{
        INVALID_MFA_CODE: texts.wrongCode,
        INVALID_TOKEN: texts.expired,
        CONFLICT: begun ? texts.notAdded : texts.full,
      }}
      footer={
        <>
          <Button onClick={onClose}>{messages.ui.cancel}</Button>
          <SubmitButton>{begun ? texts.verify : texts.send}</SubmitButton>
        </>
      }
    >
      {begun === null ? (
        <>
          <NumberField texts={texts} rules={rules} />
          {children}
        </>
      ) : (
        <>
          <CodeField name="code" label={texts.code} hint={texts.noMessage} length={8} focused />
          <ResendCode
            pauseSeconds={begun.sent.resendAfter}
            resend={async () => setBegun({ ...begun, sent: await begin(begun.number) })}
            texts={texts}
          />
        </>
      )}
    </Dialog>
  );
}

/** More countries than this are no help in a sentence. */
const maxNamed = 6;

function NumberField({ texts, rules }: Pick<DialogProps, 'texts' | 'rules'>) {
  const { locale } = useLanguage();
  const regions = new Intl.DisplayNames(locale, { type: 'region' });
  const names = rules?.countries.map((country) => regions.of(country) ?? country) ?? [];
  const isShort = names.length > 0 && names.length <= maxNamed;
  return (
    <Field
      name="number"
      label={texts.number}
      hint={
        isShort ? texts.numberOf(new Intl.ListFormat(locale, { type: 'disjunction' }).format(names)) : texts.numberHint
      }
      type="tel"
      inputMode="tel"
      autoComplete="tel"
      maxLength={64}
      required
    />
  );
}
