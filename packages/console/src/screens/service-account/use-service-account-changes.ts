/** Runs changes of service accounts after the step-up that they need, then reads the service accounts again. */
import { useStepUp } from '@postern/react';
import { useQueryClient } from '@tanstack/react-query';

export interface ServiceAccountChanges {
  change: <Result>(action: () => Promise<Result>) => Promise<Result>;
  /** @returns the new secret, once. Show it, and keep it nowhere else */
  issue: (action: () => Promise<{ secret: string }>) => Promise<string>;
}

const changed: ReadonlySet<unknown> = new Set(['service-account', 'service-accounts', 'audit']);

export function useServiceAccountChanges(): ServiceAccountChanges {
  const stepUp = useStepUp();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ predicate: ({ queryKey: [key] }) => changed.has(key) });
  return {
    change: async (action) => {
      const result = await stepUp.run(action);
      await refresh();
      return result;
    },
    issue: async (action) => {
      const { secret } = await stepUp.run(action);
      // Not awaited: the secret exists only here, and must not wait for another answer.
      void refresh();
      return secret;
    },
  };
}
