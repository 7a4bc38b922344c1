/**
 * A dialog for secrets that are shown once. It closes when the user says that they are saved; other ways out ask once. The secrets are
 * in the page only as long as the dialog is.
 */
import Download from 'lucide-react/icons/download';
import { type ReactNode, useEffect, useState } from 'react';
import { english } from '../messages/en/copying.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from './button.tsx';
import { Check } from './check.tsx';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';
import { downloadText } from './download.ts';
import { Note } from './note.tsx';

export interface CopyOnceProps {
  title: ReactNode;
  lead?: ReactNode;
  /** Several are numbered. */
  secrets: readonly string[];
  /** For the download, for example `postern-backup-codes.txt`. */
  fileName: string;
  /** What the user confirms, for example "I have saved these codes outside this device". */
  saved: string;
  onDone: () => void;
  children?: ReactNode;
}

export function CopyOnce({ title, lead, secrets, fileName, saved, onDone, children }: CopyOnceProps) {
  const { messages } = useLanguage();
  const texts = useTexts('copying', english);
  const [isSaved, setSaved] = useState(false);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (isSaved) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isSaved]);
  const text = secrets.join('\n');
  const footer = (
    <Button kind="primary" disabledReason={isSaved ? null : texts.saveFirst} onClick={onDone}>
      {messages.ui.done}
    </Button>
  );
  return (
    <Dialog
      part="copy-once"
      title={title}
      lead={lead}
      footer={footer}
      onClose={() => (isSaved || isAsked ? onDone() : setAsked(true))}
    >
      {isAsked && !isSaved && (
        <Note kind="warn" role="alert" title={texts.notSaved}>
          {texts.leaveAnyway}
        </Note>
      )}
      <div className="secret">
        {secrets.length === 1 ? (
          <code className="single">{text}</code>
        ) : (
          <ol className="codes">
            {secrets.map((secret, index) => (
              <li key={secret}>
                <span aria-hidden="true">{index + 1}</span>
                {secret}
              </li>
            ))}
          </ol>
        )}
        <div className="split">
          <CopyButton text={text} label={secrets.length === 1 ? texts.copyIt : texts.copyAll} />
          <Button icon={Download} onClick={() => downloadText(fileName, `${text}\n`)}>
            {texts.download}
          </Button>
        </div>
      </div>
      {children}
      <Check checked={isSaved} onChange={(event) => setSaved(event.target.checked)}>
        {saved}
      </Check>
    </Dialog>
  );
}
