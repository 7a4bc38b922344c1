/** The link of a mail that takes back a change. */
import { NotMe } from '@postern/react/forms';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function NotMeScreen() {
  return <NotMe className={gateCard} next={<SignInLink />} />;
}
