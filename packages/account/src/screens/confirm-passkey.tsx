/** The link of a mail that confirms a new passkey. */
import { ConfirmPasskey } from '@postern/react/forms';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function ConfirmPasskeyScreen() {
  return <ConfirmPasskey className={gateCard} next={<SignInLink />} />;
}
