/** What the pages of mailed links share: nothing happens before a click, because mail scanners open links, too. */
import { isPosternError } from '@postern/client';
import { type ReactNode, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';
import { Form, type FormValues } from '../ui/form.tsx';
import { Note } from '../ui/note.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import { GateForm } from './form-parts.tsx';
import { useLinkToken } from './use-link-token.ts';

export interface TokenProps {
  /** The token of the mail. Default: the text after `#token=` in the address of the page, which is removed from there. */
  token?: string | undefined;
  onDone?: (() => void) | undefined;
  /** A link, shown when all is done. */
  next?: ReactNode;
  /** A link that leads to a new mail, shown when the token has expired. */
  requestNew?: ReactNode;
}

interface TokenFormProps extends Omit<TokenProps, 'token'> {
  /** Null: there is none. Undefined: the address has not been read yet. */
  token: string | null | undefined;
  part: string;
  className?: string | undefined;
  level?: 1 | 2 | 3 | undefined;
  title: ReactNode;
  lead?: ReactNode;
  submitLabel: string;
  /** What did not happen when fields are wrong. */
  failure?: string | undefined;
  doneTitle: ReactNode;
  /** @returns the sentence that says what was done */
  run: (token: string, values: FormValues) => Promise<ReactNode>;
  /** Fields. */
  children?: ReactNode;
  /** What the action ends. */
  effect?: ReactNode;
}

export type TokenActionProps = Omit<TokenFormProps, 'token'> & TokenProps;

export function TokenAction({ token, ...props }: TokenActionProps) {
  return <TokenForm {...props} token={useLinkToken(token)} />;
}

/** For forms that need the token before it is used. */
export function TokenForm({
  token,
  onDone,
  next,
  requestNew,
  part,
  className,
  level,
  title,
  lead,
  submitLabel,
  failure,
  doneTitle,
  run,
  children,
  effect,
}: TokenFormProps) {
  const { messages } = useLanguage();
  const [done, setDone] = useState<ReactNode>(null);
  const [isExpired, setExpired] = useState(false);
  if (done !== null)
    return (
      <GateForm part={part} className={className} level={level} title={doneTitle} lead={done}>
        {next}
      </GateForm>
    );
  const submit = async (values: FormValues) => {
    if (typeof token !== 'string') return;
    try {
      setDone(await run(token, values));
      onDone?.();
    } catch (error) {
      setExpired(isPosternError(error, 'INVALID_TOKEN'));
      throw error;
    }
  };
  return (
    <GateForm part={part} className={className} level={level} title={title} lead={lead}>
      {token === null ? (
        <Note kind="warn">{messages.ui.needsLink}</Note>
      ) : (
        <Form submit={submit} failure={failure}>
          {children}
          <SubmitButton size="large" block>
            {submitLabel}
          </SubmitButton>
        </Form>
      )}
      {(isExpired || token === null) && requestNew}
      {effect !== undefined && <p className="hint">{effect}</p>}
    </GateForm>
  );
}
