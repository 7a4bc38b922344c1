/** Shows a new API key once. */
import type { Messages } from '../messages/en.tsx';
import { CopyOnce } from '../ui/copy-once.tsx';

export interface ApiKeyOnceProps {
  secret: string;
  texts: Messages['apiKeys'];
  onDone: () => void;
}

export function ApiKeyOnce({ secret, texts, onDone }: ApiKeyOnceProps) {
  return (
    <CopyOnce
      title={texts.saveTitle}
      lead={texts.saveLead}
      secrets={[secret]}
      fileName={texts.fileName}
      saved={texts.saved}
      onDone={onDone}
    />
  );
}
