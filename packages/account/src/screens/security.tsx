/** How the user signs in. */
import { ChangePassword, Passkeys, SecondFactors, SecurityHead } from '@postern/react/forms';
import { lazy, Suspense } from 'react';

const Phones = lazy(() => import('./phones.tsx'));

export default function SecurityScreen() {
  return (
    <>
      <SecurityHead />
      <ChangePassword />
      <Passkeys />
      <SecondFactors />
      <Suspense fallback={null}>
        <Phones />
      </Suspense>
    </>
  );
}
