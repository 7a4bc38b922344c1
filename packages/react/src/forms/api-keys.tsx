/** The API keys of the user: lists, creates, changes, rotates and revokes them. */
import { useApiKeys } from '../account/use-api-keys.ts';
import { english } from '../messages/en/api-keys.tsx';
import { useTexts } from '../messages/use-texts.ts';
import { useSession } from '../session/use-session.ts';
import { LoadFailure } from '../ui/load-failure.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ApiKeyList } from './api-key-list.tsx';
import { CreateApiKey } from './create-api-key.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface ApiKeysProps extends FormPartProps<'apiKeys'> {
  /** After a new key was shown. */
  onDone?: (() => void) | undefined;
}

export function ApiKeys({ className, messages, level, onDone }: ApiKeysProps) {
  const texts = useTexts('apiKeys', english, messages);
  const { viewer } = useSession();
  const { keys, error, reload, create, ...actions } = useApiKeys();
  const add = (
    <CreateApiKey
      kind="primary"
      permissions={viewer?.permissions ?? []}
      create={create}
      messages={messages}
      onDone={onDone}
    />
  );
  return (
    <div className={className} data-part="api-keys">
      <PageHead title={texts.title} lead={texts.lead} level={level} action={add} />
      {error !== null && <LoadFailure error={error} retry={reload} />}
      <Panel title={texts.title} isTitleHidden>
        {keys === null && error === null && <Skeleton shape="rows" count={2} />}
        {keys !== null && <ApiKeyList keys={keys} actions={actions} messages={messages} />}
      </Panel>
      <p className="hint foot">{texts.footnote}</p>
    </div>
  );
}
