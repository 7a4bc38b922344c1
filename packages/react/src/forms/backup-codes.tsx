/** How many backup codes are left, and new ones. A row: put it into `<ul className="rows">`. */
import FileText from 'lucide-react/icons/file-text';
import { useState } from 'react';
import { useTotp } from '../account/use-totp.ts';
import { english } from '../messages/en/backup-codes.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Field } from '../ui/field.tsx';
import { Row } from '../ui/panel.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { BackupCodesOnce } from './backup-codes-once.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface BackupCodesProps extends Pick<FormPartProps<'backupCodes'>, 'messages'> {
  /** After new codes were saved. */
  onDone?: (() => void) | undefined;
}

/** Fewer are worth a warning. */
export const fewBackupCodes = 3;

export function BackupCodes({ messages, onDone }: BackupCodesProps) {
  const texts = useTexts('backupCodes', english, messages);
  const { backupCodesRemaining, regenerateBackupCodes } = useTotp();
  const [isAsking, setAsking] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const isFew = backupCodesRemaining < fewBackupCodes;
  const finish = () => {
    setCodes(null);
    onDone?.();
  };
  const title = (
    <>
      {texts.title} <Chip kind={isFew ? 'warn' : 'neutral'}>{texts.left(backupCodesRemaining)}</Chip>
    </>
  );
  const create = (
    <Button size="small" onClick={() => setAsking(true)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <Row icon={FileText} kind={isFew ? 'warn' : 'neutral'} title={title} actions={create}>
        {texts.sub}
      </Row>
      {isAsking && (
        <ReasonDialog
          title={texts.createTitle}
          lead={texts.createLead}
          action={texts.create}
          reason="none"
          fieldOf={{ INVALID_MFA_CODE: 'code' }}
          errorTexts={{ INVALID_MFA_CODE: texts.wrongCode }}
          confirm={async (_, values) => setCodes(await regenerateBackupCodes(values.text('code').trim()))}
          onClose={() => setAsking(false)}
        >
          <Field
            name="code"
            label={texts.code}
            autoComplete="one-time-code"
            maxLength={64}
            spellCheck={false}
            required
          />
        </ReasonDialog>
      )}
      {codes !== null && <BackupCodesOnce codes={codes} onDone={finish} />}
    </>
  );
}
