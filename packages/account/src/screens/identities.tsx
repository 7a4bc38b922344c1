/** The accounts at providers that sign the user in. */
import { Identities } from '@postern/react/forms';
import { hrefOf } from '../navigation/location.ts';

export default function IdentitiesScreen() {
  return <Identities returnTo={window.location.origin + hrefOf('callback')} />;
}
