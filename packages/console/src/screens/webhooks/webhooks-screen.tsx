/** The list of webhooks, oldest first. */
import { Button, EmptyState, Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import Webhook from 'lucide-react/icons/webhook';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { type WebhookRowFragment, WebhooksDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { eventName } from './event-names.ts';
import { CreateWebhook } from './webhook-dialog.tsx';
import { WebhookSecret } from './webhook-secret.tsx';
import { WebhookState } from './webhook-state.tsx';

export function WebhooksScreen() {
  return (
    <Permitted page="webhooks">
      <Webhooks />
    </Permitted>
  );
}

function Webhooks() {
  const texts = useWebhookTexts();
  const { pages } = useMessages();
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<{ id: string; secret: string } | null>(null);
  const create = (
    <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHead title={pages.webhooks} actions={create} />
      <WebhookList />
      {isCreating && <CreateWebhook onCreated={setCreated} onClose={() => setCreating(false)} />}
      {created && (
        <WebhookSecret
          secret={created.secret}
          onDone={() => void navigate({ to: '/webhooks/$id', params: { id: created.id } })}
        />
      )}
    </>
  );
}

function WebhookList() {
  const texts = useWebhookTexts();
  const query = useQuery(operation('webhooks', WebhooksDocument, {}));
  const { data, error } = query;
  if (!data && error) return <Failure query={query} />;
  if (data?.webhooks.length === 0)
    return (
      <EmptyState icon={Webhook} title={texts.none}>
        {texts.noneHint}
      </EmptyState>
    );
  return (
    <section className="panel">
      <ul className="rows" aria-busy={!data}>
        {data?.webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
        {!data && (
          <li>
            <span className="glyph" />
            <span className="skeleton line-w" />
          </li>
        )}
      </ul>
    </section>
  );
}

function WebhookRow({ webhook }: { webhook: WebhookRowFragment }) {
  const { id, url, description, events } = webhook;
  return (
    <li>
      <span className="glyph">
        <Icon of={Webhook} size={18} />
      </span>
      <div>
        <p className="row-title">
          <Link to="/webhooks/$id" params={{ id }}>
            <bdi>{url}</bdi>
          </Link>
        </p>
        <p className="row-sub">
          <span className="dots">
            {description !== null && <bdi>{description}</bdi>}
            <span className="mono">{events.map(eventName).join(', ')}</span>
          </span>
        </p>
      </div>
      <div className="actions">
        <WebhookState webhook={webhook} />
      </div>
    </li>
  );
}
