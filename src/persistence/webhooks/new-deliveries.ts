/** Deliveries as rows: one for each webhook that asks for an event. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventType } from '../events/stored-event.ts';
import { jsonTable } from '../json-rows.ts';
import { query } from '../statement.ts';
import type { Webhook } from './webhook.ts';

export interface DeliveryRow {
  id: string;
  webhookId: string;
  eventId: string;
  eventType: EventType;
  userId: string | null;
  bodySealed: Buffer;
  status: 'PENDING';
  attempt: 0;
  nextAttemptAt: Date;
  createdAt: Date;
}

const deliveries = jsonTable<DeliveryRow>('webhook_deliveries', {
  id: 'id',
  webhookId: 'webhook_id',
  eventId: 'event_id',
  eventType: 'event_type',
  userId: 'user_id',
  bodySealed: 'body_sealed',
  status: 'status',
  attempt: 'attempt',
  nextAttemptAt: 'next_attempt_at',
  createdAt: 'created_at',
});

const statement = {
  name: 'insert_deliveries',
  text: `with once as (select) ${deliveries.insert('$1', 'once')} on conflict (webhook_id, event_id) do nothing`,
};

export async function insertDeliveries(tx: EntityManager, rows: readonly DeliveryRow[]): Promise<void> {
  if (rows.length > 0) await query(tx, statement, [deliveries.valueOf(rows)]);
}

export type Receiver = Pick<Webhook, 'id' | 'events' | 'includeProfile' | 'enabledAt'>;

/**
 * The enabled webhooks. None is disabled until the transaction ends, so that a webhook that is disabled has no new
 * deliveries afterwards.
 */
export async function holdReceivers(tx: EntityManager): Promise<Receiver[]> {
  const rows = await tx.execute<(Omit<Receiver, 'enabledAt'> & { enabledAt: string })[]>(
    `select id, events, include_profile as "includeProfile", enabled_at as "enabledAt" from webhooks where enabled order by id for share`,
  );
  return rows.map((row) => ({ ...row, enabledAt: new Date(row.enabledAt) }));
}
