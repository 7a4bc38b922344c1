/** One webhook: its state, its deliveries, and its changes. */
import { EmptyState, Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Webhook from 'lucide-react/icons/webhook';
import { operation } from '../../data/operation.ts';
import { WebhookDocument, type WebhookRowFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { WebhookState } from '../webhooks/webhook-state.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookActions } from './webhook-actions.tsx';
import { WebhookFacts } from './webhook-facts.tsx';

const route = getRouteApi('/webhooks/$id');

export function WebhookScreen() {
  return (
    <Permitted page="webhooks">
      <WebhookPage />
    </Permitted>
  );
}

function WebhookPage() {
  const { pages } = useMessages();
  const texts = useWebhookTexts();
  const { id } = route.useParams();
  const query = useQuery(operation('webhook', WebhookDocument, { id }));
  const { data, error } = query;
  if (data?.webhook)
    return (
      <>
        <Head webhook={data.webhook} />
        <div className="grid-2">
          <div>
            <Deliveries id={id} />
          </div>
          <div>
            <WebhookFacts webhook={data.webhook} />
          </div>
        </div>
      </>
    );
  return (
    <>
      <PageHead title={pages.webhooks} />
      {data && (
        <EmptyState icon={Webhook} title={texts.missing}>
          {texts.missingHint}
        </EmptyState>
      )}
      {!data && error && <Failure query={query} />}
      {!data && !error && <div className="panel skeleton-panel" aria-hidden="true" aria-busy="true" />}
    </>
  );
}

function Head({ webhook }: { webhook: WebhookRowFragment }) {
  const { pages } = useMessages();
  return (
    <PageHead title={new URL(webhook.url).host} actions={<WebhookActions webhook={webhook} />}>
      {(heading) => (
        <>
          <p className="crumb">
            <Link className="plain" to="/webhooks">
              {pages.webhooks}
            </Link>
            <Icon of={ChevronRight} size={14} />
          </p>
          {heading}
          <p className="actions">
            <WebhookState webhook={webhook} />
          </p>
        </>
      )}
    </PageHead>
  );
}
