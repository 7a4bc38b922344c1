/** Moves the account to a new address with the token of a mail. */
import { english } from '../messages/en/confirm-email.ts';
import { useTexts } from '../messages/use-texts.ts';
import { usePosternClient } from '../provider/postern-context.ts';
import type { FormPartProps } from './form-parts.tsx';
import { TokenAction, type TokenProps } from './token-action.tsx';

export interface ConfirmEmailProps extends FormPartProps<'confirmEmail'>, TokenProps {}

export function ConfirmEmail({ messages, ...props }: ConfirmEmailProps) {
  const texts = useTexts('confirmEmail', english, messages);
  const client = usePosternClient();
  return (
    <TokenAction
      {...props}
      part="confirm-email"
      title={texts.title}
      lead={texts.lead}
      submitLabel={texts.submit}
      doneTitle={texts.doneTitle}
      run={async (token) => {
        await client.confirmEmailChange({ token });
        return texts.done;
      }}
    />
  );
}
