/** Shows new backup codes once. */
import { english } from '../messages/en/backup-codes.ts';
import { useTexts } from '../messages/use-texts.ts';
import { CopyOnce } from '../ui/copy-once.tsx';

export interface BackupCodesOnceProps {
  codes: readonly string[];
  onDone: () => void;
}

export function BackupCodesOnce({ codes, onDone }: BackupCodesOnceProps) {
  const texts = useTexts('backupCodes', english);
  return (
    <CopyOnce
      title={texts.saveTitle}
      lead={texts.saveLead}
      secrets={codes}
      fileName={texts.fileName}
      saved={texts.saved}
      onDone={onDone}
    />
  );
}
