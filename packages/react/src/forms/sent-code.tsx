/** Sends a code for the second step when it appears, and asks for it. */
import type { MfaMethod, SentCodeFragment } from '@postern/client';
import { useCallback, useEffect, useState } from 'react';
import type { Messages } from '../messages/messages.ts';
import { usePosternClient } from '../provider/postern-context.ts';
import { CodeField } from '../ui/code-field.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { ResendCode } from './resend-code.tsx';

export interface SentCodeProps {
  method: MfaMethod;
  label: string;
  ticket: string;
  texts: Pick<Messages['secondStep'], 'sentTo' | 'resend' | 'resendIn'>;
}

export function SentCode({ method, label, ticket, texts }: SentCodeProps) {
  const client = usePosternClient();
  const [sent, setSent] = useState<SentCodeFragment | null>(null);
  const [error, setError] = useState<unknown>(null);
  const send = useCallback(
    async () => setSent(await client.beginMfaCode({ ticket, method })),
    [client, ticket, method],
  );
  useEffect(() => {
    let isShown = true;
    // The second run of an effect in strict mode must not send a second code.
    const timer = setTimeout(() => send().catch((reason: unknown) => isShown && setError(reason)), 0);
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [send]);
  return (
    <>
      {error !== null && <ErrorSummary error={error} />}
      <CodeField name="code" label={label} hint={sent && texts.sentTo(sent.maskedTarget)} length={8} focused />
      {sent !== null && <ResendCode pauseSeconds={sent.resendAfter} resend={send} texts={texts} />}
    </>
  );
}
