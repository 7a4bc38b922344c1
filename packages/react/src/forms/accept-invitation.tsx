/** Sets the first password of an invited user with the token of a mail. */
import { english } from '../messages/en/accept-invitation.ts';
import { useTexts } from '../messages/use-texts.ts';
import type { FormPartProps } from './form-parts.tsx';
import { PasswordFromLink } from './password-from-link.tsx';
import type { TokenProps } from './token-action.tsx';

export interface AcceptInvitationProps extends FormPartProps<'acceptInvitation'>, TokenProps {}

export function AcceptInvitation({ messages, ...props }: AcceptInvitationProps) {
  const texts = useTexts('acceptInvitation', english, messages);
  return <PasswordFromLink {...props} part="accept-invitation" texts={texts} lead={texts.lead} />;
}
