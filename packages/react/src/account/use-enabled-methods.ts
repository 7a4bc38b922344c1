/** The methods that the operator has enabled, the preferred one first. */
import type { AuthMethod } from '@postern/client';
import { useCallback } from 'react';
import { type Loaded, useLoaded } from '../loading/use-loaded.ts';
import { usePostern } from '../provider/postern-context.ts';

export function useEnabledMethods(): Loaded<AuthMethod[]> {
  const { client } = usePostern();
  return useLoaded(useCallback(() => client.enabledMethods(), [client]));
}
