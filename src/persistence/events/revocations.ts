/** Reads the events that invalidate tokens: those since a snapshot, and all of a period. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import type { StoredEventType } from './stored-event.ts';
import { type TailPosition, visibleSince } from './tail.ts';

export interface RevocationRow {
  id: string;
  type: StoredEventType;
  /** PostgreSQL's text, with microseconds. */
  occurredAt: string;
  userId: string | null;
  sessionId: string | null;
  data: Record<string, unknown>;
  /** The living keys of a service account that was stopped; null: the event is about something else. */
  apiKeyIds: string[] | null;
}

const columns = `e.id, e.type, e.occurred_at::text as "occurredAt", e.user_id as "userId", e.session_id as "sessionId", e.data,
  case when e.type = 'SERVICE_ACCOUNT_STOPPED' then (
    select json_agg(k.id) from api_keys k
    where k.service_account_id = (e.data->>'serviceAccountId')::uuid and k.revoked_at is null
  ) end as "apiKeyIds"`;
const isRevoking = 'e.type = any($2) and e.occurred_at > $3';

const changesStatement = {
  name: 'revocations_since',
  text: `${visibleSince(columns, isRevoking)} limit $4`,
};

/** Those that became visible after the snapshot. @param since older ones are omitted */
export function findRevocationsAfter(
  em: EntityManager,
  snapshot: string,
  { types, since, limit }: { types: readonly string[]; since: Date; limit: number },
): Promise<RevocationRow[]> {
  return query<RevocationRow>(em, changesStatement, [snapshot, types, since, limit]);
}

const stateStatement = {
  name: 'revocation_state',
  text: `select (select system_identifier::text from pg_control_system()) as "clusterId",
      pg_current_snapshot()::text as snapshot,
      count(e.id)::int as count, max(e.occurred_at)::text as newest, coalesce(min(e.xact::text::numeric), 0)::text as first
    from events e where e.type = any($1) and e.occurred_at > $2`,
};

/** The position, and what tells two states of the list apart. */
export interface RevocationState extends TailPosition {
  count: number;
  newest: string | null;
  /** The lowest transaction of the list. */
  first: string;
}

export async function readRevocationState(
  em: EntityManager,
  { types, since }: { types: readonly string[]; since: Date },
): Promise<RevocationState> {
  const [state] = await query<RevocationState>(em, stateStatement, [types, since]);
  if (!state) throw new Error('the server gave no snapshot');
  return state;
}

const pageStatement = {
  name: 'revocation_page',
  text: `select ${columns}, e.xact::text as xact from events e
    where e.type = any($1) and e.occurred_at > $2 and (e.xact, e.id) > ($3::xid8, $4::uuid)
    order by e.xact, e.id limit $5`,
};

/**
 * All of a period, in pages: a long list is never in memory at once. What commits meanwhile may be in it, and is also
 * found after the snapshot of the state.
 */
export async function* readRevocations(
  em: EntityManager,
  { first }: RevocationState,
  { types, since, pageSize }: { types: readonly string[]; since: Date; pageSize: number },
): AsyncGenerator<RevocationRow[]> {
  let [xact, id] = [first, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const values = [types, since, xact, id, pageSize];
    const page = await query<RevocationRow & { xact: string }>(em, pageStatement, values);
    yield page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    ({ xact, id } = last);
  }
}
