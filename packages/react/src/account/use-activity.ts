/** The security events of the user, newest first. Not that a session was continued: that is no news, and most entries of an account in use. */
import type { PosternClient } from '@postern/client';
import { useCallback } from 'react';
import { type Pages, usePages } from '../loading/use-pages.ts';
import { usePostern } from '../provider/postern-context.ts';

export type SecurityEvent = NonNullable<Awaited<ReturnType<PosternClient['securityEvents']>>>['nodes'][number];

export interface UseActivity extends Omit<Pages<SecurityEvent>, 'items'> {
  /** Null: not loaded yet. */
  events: SecurityEvent[] | null;
}

export function useActivity(): UseActivity {
  const { client } = usePostern();
  const load = useCallback(
    (after: string | null) => client.securityEvents({ first: 50, after, refreshes: false }),
    [client],
  );
  const { items, ...pages } = usePages(load);
  return { ...pages, events: items };
}
