/** One delivery on the rail: what happened to the message, and what the other system answered. */
import { clockTime, timelineLocaleOf } from '@postern/react/timeline';
import { classes, Dots, exactTime, Icon, LongText } from '@postern/react/ui';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import X from 'lucide-react/icons/x';
import { type DeliveryRowFragment, RedeliverDocument } from '../../generated/operations.ts';
import { useLocale } from '../../messages/messages.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { ShortTime } from '../../parts/short-time.tsx';
import { client } from '../../session/client.ts';
import { ActionButton } from '../webhooks/action-button.tsx';
import { eventName } from '../webhooks/event-names.ts';

const icons = { PENDING: Clock, DELIVERED: Check, FAILED: RefreshCw, ABANDONED: X } as const;
const tones = { PENDING: null, DELIVERED: null, FAILED: 'warn', ABANDONED: 'bad' } as const;

export interface DeliveryEntryProps {
  delivery: DeliveryRowFragment;
  isFirst: boolean;
  isLast: boolean;
}

export function DeliveryEntry({ delivery, isFirst, isLast }: DeliveryEntryProps) {
  const texts = useWebhookTexts();
  const locale = useLocale();
  const { event, attempt, status, responseStatus, responseExcerpt, durationMs, createdAt, nextAttemptAt } = delivery;
  return (
    <li className={classes(isFirst && 'head', isLast && 'tail')}>
      <div className="entry">
        <time dateTime={createdAt} title={exactTime(new Date(createdAt), { locale })}>
          {clockTime(createdAt, { locale: timelineLocaleOf(locale) })}
        </time>
        <span className={classes('node', tones[status])}>
          <Icon of={icons[status]} size={14} />
        </span>
        <div className="body">
          <p className="say">
            <code>{eventName(event)}</code> {texts.happened[status]}
          </p>
          <p className="meta">
            <Dots>
              {responseStatus !== null && <span>{`HTTP ${responseStatus}`}</span>}
              {durationMs !== null && <span>{`${durationMs.toLocaleString(locale)} ms`}</span>}
              {attempt > 0 && <span>{texts.attempt(attempt)}</span>}
              {status === 'FAILED' && nextAttemptAt !== null && (
                <span>
                  {texts.nextAttempt} <ShortTime at={nextAttemptAt} />
                </span>
              )}
            </Dots>
          </p>
          {responseExcerpt !== null && responseExcerpt !== '' && (
            <div className="answer-text">
              <LongText key={responseExcerpt} text={responseExcerpt} />
            </div>
          )}
        </div>
        {status !== 'PENDING' && (
          <div className="actions">
            <RedeliverButton delivery={delivery} />
          </div>
        )}
      </div>
    </li>
  );
}

function RedeliverButton({ delivery: { id, event } }: { delivery: DeliveryRowFragment }) {
  const texts = useWebhookTexts();
  return (
    <ActionButton
      label={texts.redeliver}
      name={texts.redeliverOf(eventName(event))}
      done={texts.redelivered}
      errorTexts={{ CONFLICT: texts.unreadable }}
      action={() => client.request(RedeliverDocument, { input: { deliveryId: id } })}
    />
  );
}
