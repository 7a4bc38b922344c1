/** The link of a mail to choose a new password. */
import { ResetPassword } from '@postern/react/forms';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function ResetPasswordScreen() {
  const texts = useTexts();
  return (
    <ResetPassword
      className={gateCard}
      next={<SignInLink />}
      requestNew={<Link to="forgot-password">{texts.requestPassword}</Link>}
    />
  );
}
