/** Shows new backup codes once. */
import { useLanguage } from '../messages/messages-context.ts';
import { CopyOnce } from '../ui/copy-once.tsx';

export interface BackupCodesOnceProps {
  codes: readonly string[];
  onDone: () => void;
}

export function BackupCodesOnce({ codes, onDone }: BackupCodesOnceProps) {
  const texts = useLanguage().messages.backupCodes;
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
