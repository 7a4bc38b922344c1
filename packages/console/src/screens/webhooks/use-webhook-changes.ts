/** Runs changes of webhooks after the step-up that they need, then reads the webhooks again. */
import { useStepUp } from '@postern/react';
import { useQueryClient } from '@tanstack/react-query';

export interface WebhookChanges {
  change: <Result>(action: () => Promise<Result>) => Promise<Result>;
  /** Does not wait for the webhooks: a new secret exists only in the result, and must be shown. */
  issue: <Result>(action: () => Promise<Result>) => Promise<Result>;
}

const changed: ReadonlySet<unknown> = new Set(['webhook', 'webhooks', 'deliveries', 'audit']);

export function useWebhookChanges(): WebhookChanges {
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
      const result = await stepUp.run(action);
      void refresh();
      return result;
    },
  };
}
