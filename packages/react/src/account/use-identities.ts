/** The accounts at providers that are linked to the user, and the providers. */
import type { OwnIdentityFragment, PosternClient, VisitOptions } from '@postern/client';
import { useCallback } from 'react';
import { type Loaded, useLoaded } from '../loading/use-loaded.ts';
import { usePostern } from '../provider/postern-context.ts';

export type Provider = Awaited<ReturnType<PosternClient['federatedProviders']>>[number];

export function useProviders(): Loaded<Provider[]> {
  const { client } = usePostern();
  return useLoaded(useCallback(() => client.federatedProviders(), [client]));
}

export interface UseIdentities extends Pick<Loaded<OwnIdentityFragment[]>, 'isLoading' | 'error' | 'reload'> {
  /** Null: not loaded yet. */
  identities: OwnIdentityFragment[] | null;
  /** Leaves the page for the provider. The page of `returnTo` calls `useSignIn().completeVisit`. */
  link: (providerId: string, options?: VisitOptions) => Promise<void>;
  /** @throws PosternError CONFLICT with the reason LAST_WAY_IN */
  unlink: (identityId: string) => Promise<void>;
}

export function useIdentities(): UseIdentities {
  const { client, stepUp } = usePostern();
  const load = useCallback(async () => (await client.identities()) ?? [], [client]);
  const { value, set, isLoading, error, reload } = useLoaded(load);
  return {
    identities: value,
    isLoading,
    error,
    reload,
    link: (providerId, options) => stepUp.run(() => client.linkWith(providerId, options)),
    unlink: async (identityId) => set(await stepUp.run(() => client.unlinkIdentity({ identityId }))),
  };
}
