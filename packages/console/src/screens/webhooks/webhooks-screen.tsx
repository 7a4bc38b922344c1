/** The list of webhooks, oldest first. */
import { Button, Dots, EmptyState, Icon, Skeleton } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import Webhook from 'lucide-react/icons/webhook';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { type WebhookRowFragment, WebhooksDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { ShortTime } from '../../parts/short-time.tsx';
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
      <section className="panel">
        <EmptyState icon={Webhook} title={texts.none}>
          {texts.noneHint}
        </EmptyState>
      </section>
    );
  return (
    <section className="panel">
      <ul className="rows" aria-busy={!data}>
        {data?.webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
      </ul>
      {!data && <Skeleton shape="rows" />}
    </section>
  );
}

function WebhookRow({ webhook }: { webhook: WebhookRowFragment }) {
  const texts = useWebhookTexts();
  const { id, url, description, events, enabled, disabledReason, failingSince } = webhook;
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
          <Dots>
            {description !== null && <bdi>{description}</bdi>}
            {!enabled && disabledReason !== null && <span>{texts.reasons[disabledReason] ?? disabledReason}</span>}
            {enabled && failingSince !== null && (
              <span>
                {texts.failingSince} <ShortTime at={failingSince} />
              </span>
            )}
          </Dots>
        </p>
        <p className="row-sub mono subtle">{events.map(eventName).join(', ')}</p>
      </div>
      <div className="actions">
        <WebhookState webhook={webhook} />
      </div>
    </li>
  );
}
