/** Sets a new password with the token of a mail. A rejected password leaves the token valid. */
import { usePassword } from '../account/use-password.ts';
import { english } from '../messages/en/reset-password.ts';
import { useTexts } from '../messages/use-texts.ts';
import type { FormPartProps } from './form-parts.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { TokenAction, type TokenProps } from './token-action.tsx';

export interface ResetPasswordProps extends FormPartProps<'resetPassword'>, TokenProps {}

export function ResetPassword({ messages, ...props }: ResetPasswordProps) {
  const texts = useTexts('resetPassword', english, messages);
  const { reset } = usePassword();
  return (
    <TokenAction
      {...props}
      part="reset-password"
      title={texts.title}
      submitLabel={texts.submit}
      failure={texts.notSaved}
      doneTitle={texts.doneTitle}
      run={async (token, values) => {
        await reset({ token, newPassword: values.text('newPassword') });
        return texts.done;
      }}
      effect={texts.effect}
    >
      <NewPasswordField name="newPassword" />
    </TokenAction>
  );
}
