/** Makes deliveries of events: one for each enabled webhook that asks for the type. */
import { findUsersById } from '../../persistence/accounts/users.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import {
  type ClaimedEvent,
  claimEvents,
  hasUndispatched,
  markDispatched,
} from '../../persistence/events/undispatched.ts';
import { abandonBeyond, countWaiting } from '../../persistence/webhooks/deliveries.ts';
import {
  type DeliveryRow,
  holdReceivers,
  insertDeliveries,
  type Receiver,
} from '../../persistence/webhooks/new-deliveries.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { type EventType, eventTypes, internalEventTypes } from '../events/payloads.ts';
import { newId } from '../ids.ts';
import { systemCaller } from '../operator.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { WebhookDeps } from './deps.ts';
import { messageOf, type Profile } from './message.ts';

const batchSize = 100;
const maxWaiting = 10_000;
const knownTypes = [...eventTypes, ...internalEventTypes];

/** @returns whether more events may wait */
export async function fanOut(deps: Pick<WebhookDeps, 'em' | 'clock' | 'outbox' | 'sealer'>): Promise<boolean> {
  const { sealer, ...unit } = deps;
  if (!(await hasUndispatched(unit.em.fork()))) return false;
  return transact<boolean>(unit, systemCaller('webhooks'), async (transaction) => {
    const { tx, now } = transaction;
    const events = await claimEvents(tx, { types: knownTypes, limit: batchSize });
    if (events.length === 0) return false;
    const receivers = await holdReceivers(tx);
    const profiles = await profilesOf(tx, events, receivers);
    const rows = receivers.flatMap((receiver) =>
      events
        .filter(isPublic)
        .filter(({ type, occurredAt }) => receiver.events.includes(type) && occurredAt >= receiver.enabledAt)
        .map((event) => deliveryOf(sealer, receiver, event, { profiles, now })),
    );
    await insertDeliveries(tx, rows);
    await markDispatched(
      tx,
      events.map(({ id }) => id),
      now,
    );
    for (const webhookId of new Set(rows.map((row) => row.webhookId))) await dropBacklog(transaction, webhookId);
    return events.length === batchSize;
  });
}

type PublicEvent = ClaimedEvent & { type: EventType };

function isPublic(event: ClaimedEvent): event is PublicEvent {
  return eventTypes.some((type) => type === event.type);
}

type Profiles = ReadonlyMap<string, Profile>;

function deliveryOf(
  sealer: Sealer,
  receiver: Receiver,
  event: PublicEvent,
  { profiles, now }: { profiles: Profiles; now: Date },
): DeliveryRow {
  const id = newId(now);
  const profile = receiver.includeProfile ? (profiles.get(event.userId ?? '') ?? null) : undefined;
  return {
    id,
    webhookId: receiver.id,
    eventId: event.id,
    eventType: event.type,
    userId: event.userId,
    bodySealed: sealer.seal(messageOf(event, profile), id),
    status: 'PENDING',
    attempt: 0,
    nextAttemptAt: now,
    createdAt: now,
  };
}

async function profilesOf(
  tx: EntityManager,
  events: readonly ClaimedEvent[],
  receivers: readonly Receiver[],
): Promise<Profiles> {
  const ids = [...new Set(events.flatMap(({ userId }) => userId ?? []))];
  if (ids.length === 0 || !receivers.some(({ includeProfile }) => includeProfile)) return new Map();
  const users = await findUsersById(tx, ids);
  return new Map(users.map(({ id, email, displayName, roleName }) => [id, { email, displayName, role: roleName }]));
}

/** An endpoint that stays away must not fill the database. */
async function dropBacklog({ tx, now, audit }: Transaction, webhookId: string): Promise<void> {
  if ((await countWaiting(tx, webhookId)) <= maxWaiting) return;
  const count = await abandonBeyond(tx, { webhookId, max: maxWaiting, now });
  if (count > 0)
    audit({ action: 'webhook.backlog_dropped', target: { type: 'webhook', id: webhookId }, details: { count } });
}
