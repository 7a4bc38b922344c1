/** The API keys of a service account: the list of the account pages, with the permissions of the role. */
import type { ApiKeyActions } from '@postern/react';
import { ApiKeyList, CreateApiKey } from '@postern/react/forms';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { client } from '../../session/client.ts';
import type { ServiceAccountPartProps } from './rules.ts';
import { useServiceAccountChanges } from './use-service-account-changes.ts';

export function ServiceAccountKeys({ account, rights: { mayIssue, mayRevoke } }: ServiceAccountPartProps) {
  const texts = useServiceAccountTexts();
  const { create, rotate, update, revoke } = useKeyActions(account.id);
  return (
    <section className="panel">
      <header>
        <div>
          <h2>{texts.keys}</h2>
          <p>{texts.keysHint}</p>
        </div>
        {mayIssue && <CreateApiKey size="small" permissions={account.role.permissions} create={create} />}
      </header>
      <ApiKeyList
        keys={account.keys.nodes}
        actions={{ ...(mayIssue && { rotate, update }), ...(mayRevoke && { revoke }) }}
      />
    </section>
  );
}

function useKeyActions(serviceAccountId: string): ApiKeyActions {
  const { change, issue } = useServiceAccountChanges();
  return {
    create: (choices) => issue(() => client.createApiKey({ ...choices, serviceAccountId })),
    rotate: (input) => issue(() => client.rotateApiKey(input)),
    update: async (input) => {
      await change(() => client.updateApiKey(input));
    },
    revoke: async (id) => {
      await change(() => client.revokeApiKey({ id }));
    },
  };
}
