/** Saves all that the service stores about the user as a file. */
import { useState } from 'react';
import { useProfile } from '../account/use-profile.ts';
import { useAction } from '../loading/use-action.ts';
import { english } from '../messages/en/export-data.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { downloadText } from '../ui/download.ts';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Note } from '../ui/note.tsx';
import { Panel } from '../ui/panel.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface ExportDataProps extends Omit<FormPartProps<'exportData'>, 'level'> {
  onDone?: (() => void) | undefined;
}

export function ExportData({ className, messages, onDone }: ExportDataProps) {
  const texts = useTexts('exportData', english, messages);
  const { exportData } = useProfile();
  const [isDone, setDone] = useState(false);
  const exporting = useAction(async () => {
    const data = await exportData();
    downloadText(texts.fileName, JSON.stringify(data, null, 2), 'application/json');
    setDone(true);
    onDone?.();
  });
  const action = (
    <Button kind="primary" pending={exporting.pending} onClick={() => exporting.run()}>
      {texts.submit}
    </Button>
  );
  return (
    <Panel part="export-data" className={className} title={texts.title} lead={texts.lead} action={action}>
      {exporting.error !== null && <ErrorSummary error={exporting.error} />}
      {isDone && exporting.error === null && (
        <Note kind="ok" role="status">
          {texts.done}
        </Note>
      )}
    </Panel>
  );
}
