/** The link of a mail that confirms a registration. */
import { VerifyEmail } from '@postern/react/forms';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function VerifyEmailScreen() {
  const texts = useTexts();
  return (
    <VerifyEmail
      className={gateCard}
      next={<SignInLink />}
      requestNew={<Link to="register">{texts.registerAgain}</Link>}
    />
  );
}
