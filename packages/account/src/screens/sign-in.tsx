/** All steps of a sign-in. */
import { SignIn } from '@postern/react/forms';
import { useState } from 'react';
import { gateway } from '../../../pages/gateway.ts';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { hrefOf } from '../navigation/location.ts';
import { rememberReturn } from '../navigation/return-to.ts';
import { useStepPath } from '../navigation/step-path.ts';
import { useContinue } from '../session/use-continue.ts';
import { gateCard } from '../shell/gate.tsx';
import { SignInNote } from './sign-in-note.tsx';

export default function SignInScreen() {
  const texts = useTexts();
  const step = useStepPath('sign-in');
  const [returnIgnored] = useState(rememberReturn);
  useContinue();

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
