/** The link of a mail that confirms a new address. */
import { ConfirmEmail } from '@postern/react/forms';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function ConfirmEmailScreen() {
  return <ConfirmEmail className={gateCard} next={<SignInLink />} />;
}
