/** What the provider gives to the hooks. */
import type { PosternClient } from '@postern/client';
import { createContext, useContext } from 'react';
import type { CaptchaQueue } from '../captcha/captcha-queue.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { SignInStore } from '../sign-in/sign-in-store.ts';
import type { StepUpQueue } from '../step-up/step-up-queue.ts';

export interface Postern {
  client: PosternClient;
  session: SessionStore;
  signIn: SignInStore;
  stepUp: StepUpQueue;
  captcha: CaptchaQueue;
}

export const PosternContext = createContext<Postern | null>(null);

/** @throws Error outside a `PosternProvider` */
export function usePostern(): Postern {
  const postern = useContext(PosternContext);
  if (!postern) throw new Error('Put the component inside <PosternProvider client={...}>.');
  return postern;
}

/** The client of the provider, for operations without a hook. */
export function usePosternClient(): PosternClient {
  return usePostern().client;
}
