/** Confirms the address of a registration with the token of a mail. */
import { useRegister } from '../account/use-register.ts';
import { english } from '../messages/en/verify-email.ts';
import { useTexts } from '../messages/use-texts.ts';
import type { FormPartProps } from './form-parts.tsx';
import { TokenAction, type TokenProps } from './token-action.tsx';

export interface VerifyEmailProps extends FormPartProps<'verifyEmail'>, TokenProps {}

export function VerifyEmail({ messages, ...props }: VerifyEmailProps) {
  const texts = useTexts('verifyEmail', english, messages);
  const { verify } = useRegister();
  return (
    <TokenAction
      {...props}
      part="verify-email"
      title={texts.title}
      lead={texts.lead}
      submitLabel={texts.submit}
      doneTitle={texts.doneTitle}
      run={async (token) => {
        await verify({ token });
        return texts.done;
      }}
    />
  );
}
