/** The passkeys of the user. */
import type { OwnPasskeyFragment, PosternClient } from '@postern/client';
import { useCallback } from 'react';
import { type Loaded, useLoaded } from '../loading/use-loaded.ts';
import { usePostern } from '../provider/postern-context.ts';

type Added = Awaited<ReturnType<PosternClient['addPasskey']>>;

export interface UsePasskeys extends Pick<Loaded<OwnPasskeyFragment[]>, 'isLoading' | 'error' | 'reload'> {
  /** Null: not loaded yet. */
  passkeys: OwnPasskeyFragment[] | null;
  /** Shows the prompt of the browser. @returns backup codes, when it is the first second factor */
  add: (name: string) => Promise<Added>;
  rename: (id: string, name: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

export function usePasskeys(): UsePasskeys {
  const { client, session, stepUp } = usePostern();
  const load = useCallback(async () => (await client.passkeys()) ?? [], [client]);
  const { value, isLoading, error, reload } = useLoaded(load);
  return {
    passkeys: value,
    isLoading,
    error,
    reload,
    add: async (name) => {
      const added = await stepUp.run(() => client.addPasskey({ name }));
      await Promise.all([reload(), session.reload()]);
      return added;
    },
    rename: async (id, name) => {
      await client.renamePasskey({ id, name });
      await reload();
    },
    remove: async (id) => {
      const { viewer } = await stepUp.run(() => client.removePasskey({ id }));
      session.signedIn(viewer);
      await reload();
    },
  };
}
