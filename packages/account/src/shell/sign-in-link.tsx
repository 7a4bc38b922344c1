/** The next step of a finished page: the sign-in, as its primary action. */
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';

export function SignInLink() {
  return (
    <Link className="btn primary large block" to="sign-in">
      {useTexts().signIn}
    </Link>
  );
}
