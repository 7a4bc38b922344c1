/** The facts of a webhook. */
import { CopyButton } from '@postern/react/ui';
import type { WebhookRowFragment } from '../../generated/operations.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { ShortTime } from '../../parts/short-time.tsx';
import { eventName } from '../webhooks/event-names.ts';

export function WebhookFacts({ webhook }: { webhook: WebhookRowFragment }) {
  const texts = useWebhookTexts();
  const { url, description, events, includeProfile, disabledReason, failingSince, createdAt } = webhook;
  return (
    <section className="panel">
      <header>
        <h2>{texts.facts}</h2>
      </header>
      <div className="plainfacts">
        <dl className="facts">
          <dt>{texts.url}</dt>
          <dd className="with">
            <bdi className="mono">{url}</bdi>
            <CopyButton text={url} name={texts.url} />
          </dd>
          {description !== null && (
            <>
              <dt>{texts.description}</dt>
              <dd>
                <bdi>{description}</bdi>
              </dd>
            </>
          )}
          {disabledReason !== null && (
            <>
              <dt>{texts.disabled}</dt>
              <dd>{texts.reasons[disabledReason] ?? disabledReason}</dd>
            </>
          )}
          {failingSince !== null && (
            <>
              <dt>{texts.failingSince}</dt>
              <dd>
                <ShortTime at={failingSince} />
              </dd>
            </>
          )}
          <dt>{texts.profile}</dt>
          <dd>{includeProfile ? texts.profiles.yes : texts.profiles.no}</dd>
          <dt>{texts.created}</dt>
          <dd>
            <ShortTime at={createdAt} form="date" />
          </dd>
          <dt>{texts.events}</dt>
          <dd className="mono">{events.map(eventName).join(', ')}</dd>
        </dl>
      </div>
    </section>
  );
}
