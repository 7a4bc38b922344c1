/** The devices that are signed in. */
import { Sessions } from '@postern/react/forms';

export default function SessionsScreen() {
  return <Sessions />;
}
