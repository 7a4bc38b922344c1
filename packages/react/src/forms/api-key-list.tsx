/** A list of API keys with their changes. It also shows the keys of service accounts in the console. */
import type { ApiKeyDetailFragment } from '@postern/client';
import Key from 'lucide-react/icons/key';
import { useState } from 'react';
import type { ApiKeyActions } from '../account/use-api-keys.ts';
import { english } from '../messages/en/api-keys.tsx';
import type { FormMessages } from '../messages/messages.ts';
import { useTexts } from '../messages/use-texts.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { EditApiKey, RevokeApiKey, RotateApiKey } from './api-key-dialogs.tsx';
import { ApiKeyOnce } from './api-key-once.tsx';
import { ApiKeyRow } from './api-key-row.tsx';

export interface ApiKeyListProps {
  /** Replaces some texts. */
  messages?: Partial<FormMessages['apiKeys']> | undefined;
  keys: readonly ApiKeyDetailFragment[];
  /** Changes that are absent are not offered. */
  actions: Partial<Omit<ApiKeyActions, 'create'>>;
}

type Open = { dialog: 'edit' | 'rotate' | 'revoke'; apiKey: ApiKeyDetailFragment } | null;

export function ApiKeyList({ keys, actions, messages }: ApiKeyListProps) {
  const texts = useTexts('apiKeys', english, messages);
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => setOpen(null);
  const { rotate, update, revoke } = actions;
  const opening = (dialog: NonNullable<Open>['dialog'], apiKey: ApiKeyDetailFragment) => () =>
    setOpen({ dialog, apiKey });
  return (
    <>
      {keys.length === 0 && (
        <EmptyState icon={Key} title={texts.empty}>
          {texts.emptyLead}
        </EmptyState>
      )}
      {keys.length > 0 && (
        <ul className="rows">
          {keys.map((apiKey) => (
            <ApiKeyRow
              key={apiKey.id}
              apiKey={apiKey}
              texts={texts}
              edit={update && opening('edit', apiKey)}
              rotate={rotate && opening('rotate', apiKey)}
              revoke={revoke && opening('revoke', apiKey)}
            />
          ))}
        </ul>
      )}
      {open?.dialog === 'edit' && update && (
        <EditApiKey texts={texts} apiKey={open.apiKey} update={update} onClose={close} />
      )}
      {open?.dialog === 'rotate' && rotate && (
        <RotateApiKey
          texts={texts}
          apiKey={open.apiKey}
          rotate={async (input) => setSecret(await rotate(input))}
          onClose={close}
        />
      )}
      {open?.dialog === 'revoke' && revoke && (
        <RevokeApiKey texts={texts} apiKey={open.apiKey} revoke={revoke} onClose={close} />
      )}
      {secret !== null && <ApiKeyOnce secret={secret} texts={texts} onDone={() => setSecret(null)} />}
    </>
  );
}
