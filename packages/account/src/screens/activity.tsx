/** The security events of the user, as sentences. */
import { Activity } from '@postern/react/forms';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';

export default function ActivityScreen() {
  const texts = useTexts();
  return (
    <Activity
      changePassword={
        <Link className="btn small" to="security">
          {texts.titles.security}
        </Link>
      }
    />
  );
}
