/** Gives a client, the session and the language to the hooks and forms inside. */
import type { PosternClient } from '@postern/client';
import { type ReactNode, useEffect, useMemo } from 'react';
import { CaptchaHost } from '../captcha/captcha-host.tsx';
import { CaptchaQueue } from '../captcha/captcha-queue.ts';
import { english } from '../messages/en/shared.ts';
import type { Messages } from '../messages/messages.ts';
import { type Language, LanguageContext } from '../messages/messages-context.ts';
import { SessionStore } from '../session/session-store.ts';
import { SignInStore } from '../sign-in/sign-in-store.ts';
import { StepUpHost } from '../step-up/step-up-host.tsx';
import { StepUpQueue } from '../step-up/step-up-queue.ts';
import { PosternContext } from './postern-context.ts';

export interface PosternProviderProps {
  /** Made once, outside of components. */
  client: PosternClient;
  /** `en` (default), `de`, or texts of your own. */
  messages?: Messages | undefined;
  /** A language tag for dates and numbers, for example `en-GB`. Default: the language of the messages. */
  locale?: string | undefined;
  children: ReactNode;
}

export function PosternProvider({ client, messages: own, locale: ownLocale, children }: PosternProviderProps) {
  const postern = useMemo(() => {
    const session = new SessionStore(client);
    const captcha = new CaptchaQueue(client);
    const signIn = new SignInStore(client, captcha, ({ viewer }) => session.signedIn(viewer));
    return { client, session, signIn, stepUp: new StepUpQueue(), captcha };
  }, [client]);
  const language = useMemo((): Language => {
    const messages = own ?? english;
    return { messages, locale: ownLocale ?? messages.locale };
  }, [own, ownLocale]);

  useEffect(() => {
    const { session, signIn, stepUp } = postern;
    const unsubscribe = session.subscribe(() => {
      if (session.snapshot().status !== 'signedOut') return;
      signIn.reset();
      stepUp.settle(false);
    });
    const disconnect = session.connect();
    return () => {
      disconnect();
      unsubscribe();
    };
  }, [postern]);

  return (
    <PosternContext value={postern}>
      <LanguageContext value={language}>
        {children}
        <StepUpHost />
        <CaptchaHost />
      </LanguageContext>
    </PosternContext>
  );
}
