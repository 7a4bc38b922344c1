/** The identity providers that users sign in with. */
import { Button, EmptyState } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import LogIn from 'lucide-react/icons/log-in';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { ManagedProvidersDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { CreateProviderDialog } from './provider-dialogs.tsx';
import { ProviderRow } from './provider-row.tsx';

export function ProvidersScreen() {
  return (
    <Permitted page="providers">
      <Providers />
    </Permitted>
  );
}

function Providers() {
  const { pages, providers: texts } = useMessages();
  const [isCreating, setCreating] = useState(false);
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHead title={pages.providers} actions={add} />
      <ProviderList />
      {isCreating && <CreateProviderDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function ProviderList() {
  const { providers: texts } = useMessages();
  const query = useQuery(operation('providers', ManagedProvidersDocument, {}));
  const { data, error } = query;
  if (!data && error) return <Failure query={query} />;
  const providers = data?.managedFederatedProviders ?? [];
  if (data && providers.length === 0)
    return (
      <EmptyState icon={LogIn} title={texts.none}>
        {texts.noneHint}
      </EmptyState>
    );
  return (
    <>
      <section className="panel">
        <ul className="rows" aria-busy={!data}>
          {providers.map((managed) => (
            <ProviderRow key={managed.provider.id} managed={managed} />
          ))}
          {!data && (
            <li>
              <span className="glyph" />
              <span className="skeleton line-w" />
            </li>
          )}
        </ul>
      </section>
      <p className="hint foot">{texts.hint}</p>
    </>
  );
}
