/** Shows a new API key once. */

import type { FormMessages } from '../messages/messages.ts';
import { CopyOnce } from '../ui/copy-once.tsx';

export interface ApiKeyOnceProps {
  secret: string;
  texts: FormMessages['apiKeys'];
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
