/** The heading of a page on which the user chooses how to sign in. A note says when the account is weakly protected. */
import { english } from '../messages/en/security.ts';
import type { FormMessages } from '../messages/messages.ts';
import { useTexts } from '../messages/use-texts.ts';
import { useSession } from '../session/use-session.ts';
import { classes } from '../ui/classes.ts';
import { Note } from '../ui/note.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { fewBackupCodes } from './backup-codes.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface SecurityHeadProps extends FormPartProps<'security'> {}

export function SecurityHead({ className, messages, level }: SecurityHeadProps) {
  const texts = useTexts('security', english, messages);
  return (
    <div className={classes('security-head', className)} data-part="security-head">
      <PageHead title={texts.title} lead={texts.lead} level={level} />
      <Weakness texts={texts} />
    </div>
  );
}

function Weakness({ texts }: { texts: FormMessages['security'] }) {
  const { viewer } = useSession();
  if (!viewer) return null;
  const { enabled, required, methods, backupCodesRemaining } = viewer.mfa;
  if (!enabled)
    return (
      <Note kind="warn" title={required ? texts.required : texts.noFactor}>
        {texts.noFactorLead}
      </Note>
    );
  if (!methods.includes('TOTP') || backupCodesRemaining >= fewBackupCodes) return null;
  return (
    <Note kind="warn" title={texts.fewCodes(backupCodesRemaining)}>
      {texts.fewCodesLead}
    </Note>
  );
}
