/** The screen of each path. The steps of a sign-in are part of the first chunk, every other screen is one of its own. */
import { type ComponentType, lazy } from 'react';
import type { Path } from '../paths.ts';
import SignInScreen from './sign-in.tsx';

export const screens: Readonly<Record<Path, ComponentType>> = {
  'sign-in': SignInScreen,
  'second-step': SignInScreen,
  link: SignInScreen,
  'finish-sign-up': SignInScreen,
  callback: lazy(() => import('./callback.tsx')),
  register: lazy(() => import('./register.tsx')),
  'forgot-password': lazy(() => import('./forgot-password.tsx')),
  'reset-password': lazy(() => import('./reset-password.tsx')),
  'accept-invitation': lazy(() => import('./accept-invitation.tsx')),
  'verify-email': lazy(() => import('./verify-email.tsx')),
  'confirm-email': lazy(() => import('./confirm-email.tsx')),
  'confirm-passkey': lazy(() => import('./confirm-passkey.tsx')),
  'not-me': lazy(() => import('./not-me.tsx')),
  profile: lazy(() => import('./profile.tsx')),
  security: lazy(() => import('./security.tsx')),
  sessions: lazy(() => import('./sessions.tsx')),
  identities: lazy(() => import('./identities.tsx')),
  keys: lazy(() => import('./keys.tsx')),
  activity: lazy(() => import('./activity.tsx')),
  data: lazy(() => import('./data.tsx')),
};
