/** All steps of a sign-in. The address follows the step, so that "back" and a reload lead to a step that exists. */
import { useSignIn } from '@postern/react';
import { SignIn } from '@postern/react/forms';
import { useEffect, useState } from 'react';
import { gateway } from '../../../pages/gateway.ts';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { currentPath, hrefOf, navigate } from '../navigation/location.ts';
import { rememberReturn } from '../navigation/return-to.ts';
import type { Path } from '../paths.ts';
import { useContinue } from '../session/use-continue.ts';
import { gateCard } from '../shell/gate.tsx';
import { SignInNote } from './sign-in-note.tsx';

const pathOfStep: Readonly<Record<string, Path>> = {
  credentials: 'sign-in',
  secondStep: 'second-step',
  link: 'link',
  signUp: 'finish-sign-up',
  confirmMail: 'finish-sign-up',
};

export default function SignInScreen() {
  const texts = useTexts();
  const { step } = useSignIn();
  const [returnIgnored] = useState(rememberReturn);
  useContinue();

  useEffect(() => {
    const path = pathOfStep[step];
    if (path !== undefined && path !== currentPath()) navigate(path, { replace: true });
  }, [step]);

  return (
    <>
      {step === 'credentials' && (
        <div className="above">
          <SignInNote returnIgnored={returnIgnored} />
        </div>
      )}
      <SignIn
        className={gateCard}
        messages={{ title: texts.signInTo(gateway.productName) }}
        forgotPassword={<Link to="forgot-password">{texts.forgotPassword}</Link>}
        returnTo={window.location.origin + hrefOf('callback')}
      />
      {step === 'credentials' && (
        <p className="below">
          {texts.newHere} <Link to="register">{texts.createAccount}</Link>
        </p>
      )}
    </>
  );
}
