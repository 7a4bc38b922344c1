/** The server does not answer. */
import { Button, Note } from '@postern/react/ui';
import { useTexts } from '../messages/languages.ts';

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  const texts = useTexts();
  return (
    <Note
      kind="danger"
      role="alert"
      title={texts.unreachable}
      action={
        <Button size="small" onClick={onRetry}>
          {texts.tryAgain}
        </Button>
      }
    >
      {texts.nothingLost}
    </Note>
  );
}
