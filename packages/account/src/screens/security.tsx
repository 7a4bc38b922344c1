/** How the user signs in. A note says when the account is weakly protected. */
import { useSession, useTexts } from '@postern/react';
import { ChangePassword, fewBackupCodes, Passkeys, SecondFactors } from '@postern/react/forms';
import { Note, PageHead } from '@postern/react/ui';

export default function SecurityScreen() {
  const security = useTexts('security');
  return (
    <>
      <PageHead title={security.title} lead={security.lead} />
      <Weakness />
      <ChangePassword />
      <Passkeys />
      <SecondFactors />
    </>
  );
}

function Weakness() {
  const security = useTexts('security');
  const { viewer } = useSession();
  if (!viewer) return null;
  const { enabled, required, methods, backupCodesRemaining } = viewer.mfa;
  if (!enabled)
    return (
      <Note kind="warn" title={required ? security.required : security.noFactor}>
        {security.noFactorLead}
      </Note>
    );
  if (!methods.includes('TOTP') || backupCodesRemaining >= fewBackupCodes) return null;
  return (
    <Note kind="warn" title={security.fewCodes(backupCodesRemaining)}>
      {security.fewCodesLead}
    </Note>
  );
}
