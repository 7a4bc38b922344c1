/** Registration. */
import { Register } from '@postern/react/forms';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { hrefOf } from '../navigation/location.ts';
import { useContinue } from '../session/use-continue.ts';
import { gateCard } from '../shell/gate.tsx';
import { SignInLink } from '../shell/sign-in-link.tsx';

export default function RegisterScreen() {
  const texts = useTexts();
  useContinue();
  return (
    <>
      <Register className={gateCard} returnTo={window.location.origin + hrefOf('callback')} next={<SignInLink />} />
      <p className="below">
        {texts.haveAccount} <Link to="sign-in">{texts.signIn}</Link>
      </p>
    </>
  );
}
