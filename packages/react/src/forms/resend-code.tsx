/** Sends another code, after the pause that the gateway names. */
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';

export interface ResendCodeProps {
  /** `resendAfter` of the last code. */
  pauseSeconds: number;
  resend: () => Promise<unknown>;
  texts: { resend: string; resendIn: (seconds: number) => string };
}

export function ResendCode({ pauseSeconds, resend, texts }: ResendCodeProps) {
  const [left, setLeft] = useState(pauseSeconds);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const again = async () => {
    setPending(true);
    setError(null);
    await resend().then(() => setLeft(pauseSeconds), setError);
    setPending(false);
  };
  return (
    <>
      {error !== null && <ErrorSummary error={error} />}
      <div className="stack-8">
        <Button
          size="large"
          block
          pending={pending}
          disabledReason={left > 0 ? texts.resendIn(left) : null}
          onClick={again}
        >
          {texts.resend}
        </Button>
        {/* The button says it to screen readers. */}
        {left > 0 && (
          <p className="hint" aria-hidden="true">
            {texts.resendIn(left)}
          </p>
        )}
      </div>
    </>
  );
}
