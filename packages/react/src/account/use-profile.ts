/** Name, language and address of the signed-in user. */
import type { UpdateProfileInput } from '@postern/client';
import { useMemo } from 'react';
import { usePostern } from '../provider/postern-context.ts';
import type { Viewer } from '../session/session-store.ts';
import { useSession } from '../session/use-session.ts';

export interface UseProfile {
  /** Null while loading and when no user is signed in. */
  viewer: Viewer | null;
  update: (input: UpdateProfileInput) => Promise<void>;
  /** Mails a link to the new address. Nothing changes before it is followed. */
  changeEmail: (newEmail: string) => Promise<void>;
  exportData: () => Promise<Record<string, unknown>>;
  /** @returns when the data is erased */
  deleteAccount: (password: string | null) => Promise<{ purgeAt: string }>;
}

export function useProfile(): UseProfile {
  const { client, session, stepUp } = usePostern();
  const { viewer } = useSession();
  const actions = useMemo(
    () => ({
      update: async (input: UpdateProfileInput) => session.signedIn((await client.updateProfile(input)).viewer),
      changeEmail: async (newEmail: string) => {
        await stepUp.run(() => client.requestEmailChange({ newEmail }));
      },
      exportData: async () => (await stepUp.run(() => client.exportMyData())).data,
      deleteAccount: (password: string | null) =>
        stepUp.run(() => client.deleteAccount(password === null ? {} : { password })),
    }),
    [client, session, stepUp],
  );
  return { viewer, ...actions };
}
