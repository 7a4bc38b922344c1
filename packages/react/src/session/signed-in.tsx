/** Parts of a page for one state of the session. They only choose what is shown: the gateway decides what is allowed. */
import type { ReactNode } from 'react';
import { useSession } from './use-session.ts';

export interface SessionPartProps {
  children: ReactNode;
  /** Shown in the other states. */
  fallback?: ReactNode;
}

export function SignedIn({ children, fallback = null }: SessionPartProps) {
  return useSession().status === 'signedIn' ? children : fallback;
}

export function SignedOut({ children, fallback = null }: SessionPartProps) {
  return useSession().status === 'signedOut' ? children : fallback;
}

/** @param name a permission, for example `users:read` */
export function RequirePermission({ name, children, fallback = null }: SessionPartProps & { name: string }) {
  return useSession().viewer?.permissions.includes(name) ? children : fallback;
}
