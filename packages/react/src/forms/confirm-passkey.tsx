/** Lets a new passkey sign in without the password, with the token of a mail. */
import { english } from '../messages/en/confirm-passkey.ts';
import { useTexts } from '../messages/use-texts.ts';
import { usePosternClient } from '../provider/postern-context.ts';
import type { FormPartProps } from './form-parts.tsx';
import { TokenAction, type TokenProps } from './token-action.tsx';

export interface ConfirmPasskeyProps extends FormPartProps<'confirmPasskey'>, TokenProps {}

export function ConfirmPasskey({ messages, ...props }: ConfirmPasskeyProps) {
  const texts = useTexts('confirmPasskey', english, messages);
  const client = usePosternClient();
  return (
    <TokenAction
      {...props}
      part="confirm-passkey"
      title={texts.title}
      lead={texts.lead}
      submitLabel={texts.submit}
      doneTitle={texts.doneTitle}
      run={async (token) => {
        await client.confirmPasskey({ token });
        return texts.done;
      }}
    />
  );
}
