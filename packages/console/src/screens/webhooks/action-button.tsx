/** A button whose action needs no question: it runs at once, says when it is done, and shows why it failed. */
import { Button, ErrorText, type ErrorTexts, useToast } from '@postern/react/ui';
import { useMutation } from '@tanstack/react-query';
import { useWebhookChanges } from './use-webhook-changes.ts';

export interface ActionButtonProps {
  label: string;
  /** For rows, where several buttons have one label. */
  name?: string;
  done: string;
  errorTexts?: ErrorTexts;
  action: () => Promise<unknown>;
}

export function ActionButton({ label, name, done, errorTexts, action }: ActionButtonProps) {
  const { change } = useWebhookChanges();
  const toast = useToast();
  const running = useMutation({ mutationFn: () => change(action), onSuccess: () => toast(done) });
  return (
    <>
      {running.error && (
        <p className="error" role="alert">
          <ErrorText error={running.error} texts={errorTexts} />
        </p>
      )}
      <Button
        size={name === undefined ? undefined : 'small'}
        pending={running.isPending}
        aria-label={name}
        onClick={() => running.mutate()}
      >
        {label}
      </Button>
    </>
  );
}
