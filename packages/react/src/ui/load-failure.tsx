/** Stands where something could not be loaded: the reason, and a button that tries again. */
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from './button.tsx';
import { ErrorText } from './error-text.tsx';
import { Note } from './note.tsx';

export interface LoadFailureProps {
  error: unknown;
  retry: () => void;
}

export function LoadFailure({ error, retry }: LoadFailureProps) {
  const { messages } = useLanguage();
  return (
    <Note
      kind="danger"
      role="alert"
      title={<ErrorText error={error} />}
      action={
        <Button size="small" onClick={retry}>
          {messages.ui.tryAgain}
        </Button>
      }
    />
  );
}
