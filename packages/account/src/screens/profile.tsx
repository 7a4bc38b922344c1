/** Name, language of mails, address. */
import { Profile } from '@postern/react/forms';

export default function ProfileScreen() {
  return <Profile />;
}
