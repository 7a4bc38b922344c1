/** The link of an invitation. */
import { AcceptInvitation } from '@postern/react/forms';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function AcceptInvitationScreen() {
  return <AcceptInvitation className={gateCard} next={<SignInLink />} />;
}
