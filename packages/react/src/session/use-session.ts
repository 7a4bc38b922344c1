/** The session of the user, and its end. */
import { useMemo, useSyncExternalStore } from 'react';
import { usePostern } from '../provider/postern-context.ts';
import { loadingSession, type SessionSnapshot } from './session-store.ts';

export type UseSession = SessionSnapshot & {
  /** Asks the gateway again, for example after a change of roles. */
  reload: () => Promise<void>;
};

/** During server rendering the session is `loading`. */
export function useSession(): UseSession {
  const { session } = usePostern();
  const snapshot = useSyncExternalStore(session.subscribe, session.snapshot, () => loadingSession);
  return useMemo(() => ({ ...snapshot, reload: session.reload }), [snapshot, session]);
}

export interface UseSignOut {
  /** @throws PosternError when the gateway could not be reached. The session has ended on this device in every case */
  signOut: () => Promise<void>;
  signOutEverywhere: () => Promise<void>;
}

export function useSignOut(): UseSignOut {
  const { client, stepUp } = usePostern();
  return useMemo(
    () => ({
      signOut: async () => {
        await client.logout();
      },
      signOutEverywhere: async () => {
        await stepUp.run(() => client.logoutEverywhere());
      },
    }),
    [client, stepUp],
  );
}
