/**
 * Asks before an action that others will read about: what it does, and why it is done. The action runs in the dialog, so that an
 * error stays beside what was typed.
 */
import type { ReactNode } from 'react';
import { english } from '../messages/en/reasons.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from './button.tsx';
import { Dialog, type DialogProps } from './dialog.tsx';
import { TextField } from './field.tsx';
import type { FormValues } from './form.tsx';
import { SubmitButton } from './submit-button.tsx';

export interface ReasonDialogProps extends Pick<DialogProps, 'title' | 'lead' | 'onClose' | 'fieldOf' | 'errorTexts'> {
  /** What the button does, for example "Suspend account". */
  action: string;
  /** The action ends access. */
  danger?: boolean | undefined;
  /** `none`: the operation takes no reason. Default: `required`. */
  reason?: 'required' | 'optional' | 'none' | undefined;
  /** @param reason null: none was given @param values of further fields */
  confirm: (reason: string | null, values: FormValues) => unknown;
  /** Effects, as a list with the class `effects`, and further fields. */
  children?: ReactNode;
}

const maxLength = 500;

export function ReasonDialog({
  action,
  danger = false,
  reason = 'required',
  confirm,
  onClose,
  children,
  ...dialog
}: ReasonDialogProps) {
  const { messages } = useLanguage();
  const texts = useTexts('reasons', english);
  const submit = async (values: FormValues) => {
    await confirm(values.text('reason').trim() || null, values);
    onClose();
  };
  const footer = (
    <>
      <Button onClick={onClose}>{messages.ui.cancel}</Button>
      <SubmitButton kind={danger ? 'danger-solid' : 'primary'}>{action}</SubmitButton>
    </>
  );
  return (
    <Dialog {...dialog} part="reason-dialog" onClose={onClose} submit={submit} footer={footer}>
      {children}
      {reason !== 'none' && (
        <TextField
          name="reason"
          label={reason === 'optional' ? texts.optional : texts.label}
          hint={texts.hint}
          maxLength={maxLength}
          required={reason === 'required'}
        />
      )}
    </Dialog>
  );
}
