/** Shows a new API key once. */

import { CopyOnce } from '../ui/copy-once.tsx';
import type { ApiKeyTexts } from './api-key-texts.ts';

export interface ApiKeyOnceProps {
  secret: string;
  texts: ApiKeyTexts;
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
