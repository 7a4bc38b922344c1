/** Requests a link to a new password. */
import { ForgotPassword } from '@postern/react/forms';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { gateCard } from '../shell/gate.tsx';

export default function ForgotPasswordScreen() {
  const texts = useTexts();
  return (
    <>
      <ForgotPassword className={gateCard} />
      <p className="below">
        <Link to="sign-in">{texts.backToSignIn}</Link>
      </p>
    </>
  );
}
