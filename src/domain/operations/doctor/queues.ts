/** Does the work behind requests keep up? */
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { readUndispatched } from '../../../persistence/events/undispatched.ts';
import { mailQueue, readQueueProblems } from '../../../persistence/mail/outbox.ts';
import { readSmsQueue } from '../../../persistence/sms/queue.ts';
import { deliveryQueue } from '../../../persistence/webhooks/deliveries.ts';
import { Webhook } from '../../../persistence/webhooks/webhook.ts';
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok, plural, warn } from './finding.ts';

const maxWaitSeconds = 600;
/** A message is attempted twice within a minute. */
const maxSmsWaitSeconds = 120;

export async function checkQueues(deps: DoctorDeps): Promise<Finding[]> {
  const { fork, clock } = await deps.database();
  const now = clock.now();
  return [
    ...(await checkMails(fork(), now)),
    ...(await checkMessages(fork(), now)),
    ...(await checkEvents(fork(), now)),
    ...(await checkWebhooks(fork(), now)),
  ];
}

async function checkMessages(em: EntityManager, now: Date): Promise<Finding[]> {
  const { oldestWaitingSeconds } = await readSmsQueue(em, now);
  if (oldestWaitingSeconds === null || oldestWaitingSeconds <= maxSmsWaitSeconds) return [];
  const waited = minutes(oldestWaitingSeconds);
  return [fail(`the oldest text message waits for ${waited}`, 'start a gateway with SMS_PROVIDER, which sends them')];
}

async function checkMails(em: EntityManager, now: Date): Promise<Finding[]> {
  const { oldestWaitingSeconds, pending } = await mailQueue(em, now);
  if (oldestWaitingSeconds === null || oldestWaitingSeconds <= maxWaitSeconds)
    return [ok(plural(pending, 'mail waits', 'mails wait'))];
  const { lastError } = await readQueueProblems(em, now);
  return [
    fail(
      `the oldest mail waits for ${minutes(oldestWaitingSeconds)}${lastError ? ` (${lastError})` : ''}`,
      lastError ? 'see "smtp", or correct the mail server' : 'start a gateway, which sends them, or see its log',
    ),
  ];
}

async function checkEvents(em: EntityManager, now: Date): Promise<Finding[]> {
  const { count, oldest } = await readUndispatched(em);
  const seconds = oldest ? (now.getTime() - oldest.getTime()) / 1000 : 0;
  if (seconds <= maxWaitSeconds) return [ok(plural(count, 'event waits', 'events wait'))];
  return [
    fail(`the oldest event waits for ${minutes(seconds)}`, 'start a gateway, which delivers them, or see its log'),
  ];
}

async function checkWebhooks(em: EntityManager, now: Date): Promise<Finding[]> {
  const { waiting, lateSeconds } = await deliveryQueue(em, now);
  const disabled = await em.find(Webhook, { enabled: false, disabledReason: { $ne: 'administrator' } });
  const problems = [
    ...(lateSeconds > maxWaitSeconds
      ? [
          fail(
            `a webhook delivery is ${minutes(lateSeconds)} late`,
            'raise WEBHOOK_CONCURRENCY, or start more gateways',
          ),
        ]
      : []),
    ...disabled.map(({ id, disabledReason }) =>
      warn(
        `the webhook ${id} is disabled (${disabledReason})`,
        'correct its endpoint and enable it in the console; "postern webhooks deliveries --failed" prints the answers',
      ),
    ),
  ];
  return problems.length > 0 ? problems : [ok(plural(waiting, 'webhook delivery waits', 'webhook deliveries wait'))];
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)} minutes`;
}
