/** The API keys of the user. */
import { ApiKeys } from '@postern/react/forms';

export default function KeysScreen() {
  return <ApiKeys />;
}
