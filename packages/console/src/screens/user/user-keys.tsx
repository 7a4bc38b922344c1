/** The API keys of a user. Administrators revoke them; only the owner changes them. */
import { useStepUp } from '@postern/react';
import { ApiKeyList } from '@postern/react/forms';
import { useQueryClient } from '@tanstack/react-query';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { nameOf, useViewer } from '../../session/viewer.ts';
import { mayRevokeKeys } from '../../user-actions/rules.ts';

const changed: ReadonlySet<unknown> = new Set(['user', 'audit']);

export function UserKeys({ user }: { user: UserDetailFragment }) {
  const { user: texts } = useMessages();
  const viewer = useViewer();
  const stepUp = useStepUp();
  const queries = useQueryClient();
  const revoke = async (id: string) => {
    await stepUp.run(() => client.revokeApiKey({ id }));
    await queries.invalidateQueries({ predicate: ({ queryKey: [key] }) => changed.has(key) });
  };
  return (
    <section className="panel">
      <header>
        <h2>{texts.keys}</h2>
      </header>
      <ApiKeyList
        keys={user.apiKeys.nodes}
        actions={mayRevokeKeys(user, viewer) ? { revoke } : {}}
        messages={{ empty: texts.noKeys, emptyLead: texts.noKeysHint(nameOf(user)) }}
      />
    </section>
  );
}
