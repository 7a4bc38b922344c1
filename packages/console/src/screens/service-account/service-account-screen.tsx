/** One service account: its state, its API keys and its client secrets. */

import { isPosternError } from '@postern/client';
import { EmptyState } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import Bot from 'lucide-react/icons/bot';
import { operation } from '../../data/operation.ts';
import { ServiceAccountDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { useViewer } from '../../session/viewer.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { ClientSecrets } from './client-secrets.tsx';
import { rightsOver } from './rules.ts';
import { ServiceAccountFacts } from './service-account-facts.tsx';
import { ServiceAccountHead } from './service-account-head.tsx';
import { ServiceAccountKeys } from './service-account-keys.tsx';

const route = getRouteApi('/service-accounts/$id');

export function ServiceAccountScreen() {
  return (
    <Permitted page="service-accounts">
      <ServiceAccountPage />
    </Permitted>
  );
}

function ServiceAccountPage() {
  const { pages } = useMessages();
  const viewer = useViewer();
  const { id } = route.useParams();
  const query = useQuery(operation('service-account', ServiceAccountDocument, { id }));
  const { data, error } = query;
  const account = data?.serviceAccount;
  if (!account)
    return (
      <>
        <PageHead title={pages['service-accounts']} />
        {data || isPosternError(error, 'NOT_FOUND') ? <Missing /> : error ? <Failure query={query} /> : <Loading />}
      </>
    );
  const rights = rightsOver(account, viewer);
  return (
    <>
      <ServiceAccountHead account={account} rights={rights} />
      <div className="grid-2">
        <div>
          <ServiceAccountKeys account={account} rights={rights} />
          <ClientSecrets account={account} rights={rights} />
        </div>
        <div>
          <ServiceAccountFacts account={account} />
        </div>
      </div>
    </>
  );
}

function Missing() {
  const texts = useServiceAccountTexts();
  return (
    <EmptyState icon={Bot} title={texts.missing}>
      {texts.missingHint}
    </EmptyState>
  );
}

function Loading() {
  return (
    <div className="grid-2" aria-hidden="true">
      <div>
        <div className="panel skeleton-panel" />
      </div>
      <div>
        <div className="panel skeleton-panel" />
      </div>
    </div>
  );
}
