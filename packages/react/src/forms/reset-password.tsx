/** Sets a new password with the token of a mail. A rejected password leaves the token valid. */
import { english } from '../messages/en/reset-password.ts';
import { useTexts } from '../messages/use-texts.ts';
import type { FormPartProps } from './form-parts.tsx';
import { PasswordFromLink } from './password-from-link.tsx';
import type { TokenProps } from './token-action.tsx';

export interface ResetPasswordProps extends FormPartProps<'resetPassword'>, TokenProps {}

export function ResetPassword({ messages, ...props }: ResetPasswordProps) {
  const texts = useTexts('resetPassword', english, messages);
  return <PasswordFromLink {...props} part="reset-password" texts={texts} effect={texts.effect} />;
}
