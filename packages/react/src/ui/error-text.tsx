/** The sentence for an error, by its code. A time to wait runs down. */
import { errorMessage, type PosternErrorCode, posternErrorIn } from '@postern/client';
import { useEffect, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';

/** Sentences that fit a screen better than the general ones. */
export type ErrorTexts = Partial<Record<PosternErrorCode, string>>;

export interface ErrorTextProps {
  error: unknown;
  texts?: ErrorTexts | undefined;
}

export function useErrorText(): (error: unknown, texts?: ErrorTexts, passedSeconds?: number) => string {
  const { messages } = useLanguage();
  return (error, texts, passedSeconds) => {
    const code = posternErrorIn(error)?.code;
    return (code === undefined ? undefined : texts?.[code]) ?? errorMessage(error, messages.errors, passedSeconds);
  };
}

export function ErrorText({ error, texts }: ErrorTextProps) {
  const textOf = useErrorText();
  const passedSeconds = usePassedSeconds(error);
  const [atFirst, now] = [textOf(error, texts), textOf(error, texts, passedSeconds)];
  if (now === atFirst) return <>{now}</>;
  // A screen reader would read every second aloud.
  return (
    <>
      <span className="vh">{atFirst}</span>
      <span aria-hidden="true">{now}</span>
    </>
  );
}

/** Seconds since the error, as long as it has a time to wait. */
function usePassedSeconds(error: unknown): number {
  const wait = posternErrorIn(error)?.retryAfter ?? 0;
  const [passed, setPassed] = useState({ error, seconds: 0 });
  useEffect(() => {
    if (wait === 0) return undefined;
    const startedAt = Date.now();
    const ticking = setInterval(() => {
      const seconds = Math.min(wait, Math.floor((Date.now() - startedAt) / 1000));
      setPassed({ error, seconds });
      if (seconds === wait) clearInterval(ticking);
    }, 1000);
    return () => clearInterval(ticking);
  }, [error, wait]);
  return passed.error === error ? passed.seconds : 0;
}
