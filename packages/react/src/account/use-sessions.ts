/** The sessions of the user. */
import type { DeviceSessionFragment } from '@postern/client';
import { useCallback } from 'react';
import { type Pages, usePages } from '../loading/use-pages.ts';
import { usePostern } from '../provider/postern-context.ts';

export interface UseSessions extends Omit<Pages<DeviceSessionFragment>, 'items'> {
  /** Newest first. Null: not loaded yet. */
  sessions: DeviceSessionFragment[] | null;
  end: (id: string) => Promise<void>;
  /** @returns how many have ended */
  endOthers: () => Promise<number>;
}

export function useSessions(): UseSessions {
  const { client, stepUp } = usePostern();
  const { items, ...pages } = usePages(useCallback((after) => client.sessions({ first: 50, after }), [client]));
  return {
    ...pages,
    sessions: items,
    end: async (id) => {
      await stepUp.run(() => client.revokeSession({ id }));
      await pages.reload();
    },
    endOthers: async () => {
      const { revokedCount } = await stepUp.run(() => client.revokeOtherSessions());
      await pages.reload();
      return revokedCount;
    },
  };
}
