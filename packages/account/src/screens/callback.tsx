/** Where identity providers return to: completes a sign-in, or the link of an account. Further steps have pages of their own. */
import { ProviderReturn } from '@postern/react/forms';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/location.ts';
import { useStepPath } from '../navigation/step-path.ts';
import { continueSignedIn } from '../session/use-continue.ts';
import { gateCard } from '../shell/gate.tsx';

export default function CallbackScreen() {
  const texts = useTexts();
  useStepPath('callback');
  return (
    <ProviderReturn
      className={gateCard}
      onDone={continueSignedIn}
      onLinked={() => navigate('identities', { replace: true })}
      back={<Link to="sign-in">{texts.backToSignIn}</Link>}
    />
  );
}
