/** Sets the first password of an invited user with the token of a mail. */
import { usePassword } from '../account/use-password.ts';
import { english } from '../messages/en/accept-invitation.ts';
import { useTexts } from '../messages/use-texts.ts';
import type { FormPartProps } from './form-parts.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { TokenAction, type TokenProps } from './token-action.tsx';

export interface AcceptInvitationProps extends FormPartProps<'acceptInvitation'>, TokenProps {}

export function AcceptInvitation({ messages, ...props }: AcceptInvitationProps) {
  const texts = useTexts('acceptInvitation', english, messages);
  const { reset } = usePassword();
  return (
    <TokenAction
      {...props}
      part="accept-invitation"
      title={texts.title}
      lead={texts.lead}
      submitLabel={texts.submit}
      failure={texts.notSaved}
      doneTitle={texts.doneTitle}
      run={async (token, values) => {
        await reset({ token, newPassword: values.text('newPassword') });
        return texts.done;
      }}
    >
      <NewPasswordField name="newPassword" />
    </TokenAction>
  );
}
