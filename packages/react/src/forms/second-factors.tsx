/** The second step after the password: authenticator app and backup codes. */
import Check from 'lucide-react/icons/check';
import { english } from '../messages/en/second-factors.ts';
import { useTexts } from '../messages/use-texts.ts';
import { useSession } from '../session/use-session.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { BackupCodes } from './backup-codes.tsx';
import type { FormPartProps } from './form-parts.tsx';
import { TotpSetup } from './totp-setup.tsx';

export interface SecondFactorsProps extends Omit<FormPartProps<'secondFactors'>, 'level'> {}

export function SecondFactors({ className, messages }: SecondFactorsProps) {
  const texts = useTexts('secondFactors', english, messages);
  const { viewer } = useSession();
  if (!viewer) return null;
  const state = viewer.mfa.enabled ? (
    <Chip kind="ok" icon={Check}>
      {texts.on}
    </Chip>
  ) : (
    <Chip>{texts.off}</Chip>
  );
  return (
    <Panel part="second-factors" className={className} title={texts.title} lead={texts.lead} action={state}>
      <ul className="rows">
        <TotpSetup />
        {viewer.mfa.enabled && <BackupCodes />}
      </ul>
    </Panel>
  );
}
