/** How the user signs in. */
import { ChangePassword, Passkeys, SecondFactors, SecurityHead } from '@postern/react/forms';

export default function SecurityScreen() {
  return (
    <>
      <SecurityHead />
      <ChangePassword />
      <Passkeys />
      <SecondFactors />
    </>
  );
}
