/** The API keys of the user. */
import type { ApiKeyDetailFragment, CreateApiKeyInput, RotateApiKeyInput, UpdateApiKeyInput } from '@postern/client';
import { useCallback } from 'react';
import { type Loaded, useLoaded } from '../loading/use-loaded.ts';
import { usePostern } from '../provider/postern-context.ts';

/** What a user chooses about a new key. */
export type NewApiKey = Omit<CreateApiKeyInput, 'serviceAccountId'>;

export interface ApiKeyActions {
  /** @returns the whole key, once. Show it, and keep it nowhere else */
  create: (choices: NewApiKey) => Promise<string>;
  /** @returns the whole key with another secret, once. @throws PosternError CONFLICT while an earlier rotation lasts */
  rotate: (input: RotateApiKeyInput) => Promise<string>;
  update: (input: UpdateApiKeyInput) => Promise<void>;
  revoke: (id: string) => Promise<void>;
}

export interface UseApiKeys
  extends ApiKeyActions,
    Pick<Loaded<ApiKeyDetailFragment[]>, 'isLoading' | 'error' | 'reload'> {
  /** Newest first. Null: not loaded yet. */
  keys: ApiKeyDetailFragment[] | null;
}

export function useApiKeys(): UseApiKeys {
  const { client, stepUp } = usePostern();
  const load = useCallback(async () => (await client.apiKeys()) ?? [], [client]);
  const { value, isLoading, error, reload } = useLoaded(load);
  const change = async (action: () => Promise<unknown>): Promise<void> => {
    await stepUp.run(action);
    await reload();
  };
  const issue = async (action: () => Promise<{ secret: string }>): Promise<string> => {
    const { secret } = await stepUp.run(action);
    // Not awaited: the secret exists only here, and must not wait for another answer.
    void reload();
    return secret;
  };
  return {
    keys: value,
    isLoading,
    error,
    reload,
    create: (choices) => issue(() => client.createApiKey(choices)),
    rotate: (input) => issue(() => client.rotateApiKey(input)),
    update: (input) => change(() => client.updateApiKey(input)),
    revoke: (id) => change(() => client.revokeApiKey({ id })),
  };
}
