/** The rows that an installation collects in half a year, made by SQL. Ids are in the order of time, as UUIDv7 are. */
import type pg from 'pg';

export interface Counts {
  users: number;
  /** Each has two audit entries. */
  sessions: number;
}

export const generatedAddress = (user: number) => `user${user}@example.com`;

const chunkSize = 100_000;
/** Older sessions would be deleted by clean-up. */
const days = 175;

const firstNames = ['Ada', 'Grace', 'Mary', 'Jürgen', 'Ina', 'Tim', 'Lin', 'Eve', 'Noor', 'Олег'];
const lastNames = ['Lovelace', 'Hopper', 'Shelley', 'Schmidt', 'Okafor', 'Berners-Lee', 'Chen', "O'Brien", 'Haddad'];

/** Names by Zipf's law; every thousandth user is an administrator, three in a hundred are suspended, invited or deleted. */
const usersText = `
  insert into users (id, email, email_verified_at, password_hash, display_name, role_name, status, created_at, updated_at,
                     last_login_at, mfa_enabled_at)
  select uuidv7(made - now()), 'user' || n || '@example.com', made, $7,
    case when n % 5 > 0 then
      (case when n % 99991 = 0 then 'Zephyrine' else ($3::text[])[1 + floor(power(random(), 2) * 10)::int] end) || ' ' ||
      ($4::text[])[1 + floor(power(random(), 2) * 9)::int] end,
    case when n % 1000 = 0 then 'ADMIN' when n % 200 = 0 then 'MODERATOR' else 'USER' end,
    case when n % 100 = 7 then 'SUSPENDED' when n % 100 = 8 then 'INVITED' when n % 100 = 9 then 'DELETED' else 'ACTIVE' end,
    made, made, case when n % 3 > 0 then made + random() * ($5::timestamptz - made) end,
    case when n % 7 = 0 then made end
  from generate_series($1::int, $2::int) n
    cross join lateral (select $5::timestamptz - ($6::int - n) * interval '2 minutes' as made) m`;

/** @param until the time at which the newest user was created */
export async function insertUsers(
  client: pg.Client,
  { count, until, passwordHash }: { count: number; until: Date; passwordHash: string | null },
): Promise<void> {
  await inChunks('users', count, (first, last) =>
    client.query(usersText, [first, last, firstNames, lastNames, until, count, passwordHash]),
  );
}

/**
 * Some users sign in much more often than others, whatever the number of users is: of ten users, the first has about 16
 * sessions of 50. A quarter of the sessions is active.
 */
const sessionsText = `
  insert into token_families (id, user_id, generation, confirmed_generation, created_at, rotated_at, expires_at,
    absolute_expires_at, sliding_seconds, revoked_at, revoked_reason, authenticated_at, assurance, methods, ip_address,
    network, user_agent, device_id)
  select uuidv7(made - now()), p.id, 1 + floor(random() * 50), 1, made, rotated, rotated + interval '7 days',
    made + interval '180 days', 604800, case when not active then rotated end, case when not active then 'logout' end,
    made, 'AAL1', '{PASSWORD}', address, address, 'Mozilla/5.0 (X11; Linux x86_64) Bench/1', gen_random_uuid()
  from generate_series($1::int, $2::int) s
    cross join lateral (select now() - (1 - s::float8 / $3::int) * interval '${days} days' as made,
      10 * floor(random() * ($4::int / 10))::int + 1 + floor(power(random(), 2) * 10)::int as n, random() < 0.25 as active,
      '10.' || floor(random() * 200) || '.' || floor(random() * 200) || '.' || floor(random() * 200) as address) m
    cross join lateral (select greatest(made, case when active then now() - random() * interval '6 days'
      else least(now(), made + random() * interval '20 days') end) as rotated) r
    join people p on p.n = m.n`;

/** Two entries of each session: its start, and one that also may be a failed sign-in or a purge. */
const entriesText = `
  with s as materialized (
    select f.*, random() as kind, random() as later from token_families f where f.id > $1::uuid order by f.id limit $2)
  insert into audit_entries (id, occurred_at, action, outcome, actor_id, target_type, target_id, session_id, request_id,
    ip_address, user_agent, personal_salt, personal_hash, details)
  select uuidv7(at - now()), at, e.action, outcome, case when outcome = 'SUCCESS' then s.user_id end,
    case when outcome = 'SUCCESS' then 'session' end, case when outcome = 'SUCCESS' then s.id::text end,
    case when outcome = 'SUCCESS' then s.id end, gen_random_uuid(), s.ip_address, 'Bench/1', 'salt',
    sha256('salt' || convert_to('["' || s.ip_address || '","Bench/1",null]', 'UTF8')),
    case when outcome = 'FAILURE' then jsonb_build_object('addressHash', encode(sha256(s.user_id::text::bytea), 'base64'))
      when e.action = 'personal_data.purged' then '{"entries": []}' else '{"generation": 7}' end
  from s cross join lateral (values ('session.started', 'SUCCESS', s.created_at),
      (case when kind < 0.7 then 'session.refreshed' when kind < 0.85 then 'session.ended' when kind < 0.97 then 'login.refused'
         when kind < 0.99 then 'user.updated' when kind < 0.995 then 'mfa.code_refused'
         when kind < 0.9995 then 'account.locked' else 'personal_data.purged' end,
       case when kind between 0.85 and 0.97 or kind between 0.99 and 0.9995 then 'FAILURE' else 'SUCCESS' end,
       least(now(), s.created_at + later * interval '1 hour'))) e (action, outcome, at)
  order by at`;

/** What else grows: delivered mails, counters of attempts, links in mails, registrations. */
const othersTexts = [
  `insert into outbox_mails (id, kind, recipient_hash, state, attempts, created_at, next_attempt_at, sent_at)
   select uuidv7(made - now()), 'new-device', sha256(n::text::bytea), case when n % 5000 = 0 then 'dead' else 'sent' end, 1,
     made, made, made
   from generate_series(1, $1::int / 2) n cross join lateral (select now() - random() * interval '29 days' as made) m`,
  `insert into attempt_counters (bucket, key, attempts, failures, reserved_at, window_ends_at, total, total_ends_at, locked_until)
   select 'account', sha256(n::text::bytea), 1, 1, now(), now(), 1, now() + random() * interval '30 days',
     case when n % 100 = 0 then now() + interval '1 day' end
   from generate_series(1, $1::int / 3) n`,
  `insert into mail_tokens (id, user_id, purpose, token_hash, created_at, expires_at)
   select gen_random_uuid(), id, 'PASSWORD_RESET', sha256(id::text::bytea), now(), now() + random() * interval '7 days'
   from people where n <= $1::int / 10`,
  `insert into registrations (id, email, password_hash, token_hash, created_at, expires_at)
   select gen_random_uuid(), 'pending' || n || '@example.com', 'none', sha256(n::text::bytea), now(), now() + random() * interval '1 day'
   from generate_series(1, $1::int / 50) n`,
];

/** @returns after all rows are committed and analysed */
export async function insertHistory(client: pg.Client, counts: Counts): Promise<void> {
  await client.query(`set synchronous_commit = off; set maintenance_work_mem = '1GB'; set work_mem = '256MB'`);
  await client.query(
    `create temp table people as
       select substring(email from 5 for position('@' in email) - 5)::int as n, id from users where email like 'user%';
     create unique index on people (n);
     analyze people`,
  );
  await withoutIndexes(client, 'token_families', () =>
    inChunks('sessions', counts.sessions, (first, last) =>
      client.query(sessionsText, [first, last, counts.sessions, counts.users]),
    ),
  );
  await client.query('analyze token_families');
  await withoutIndexes(client, 'audit_entries', () => insertEntries(client, counts.sessions));
  for (const text of othersTexts) await client.query(text, [counts.users]);
  await client.query('vacuum analyze');
}

async function insertEntries(client: pg.Client, sessions: number): Promise<void> {
  let afterId = '00000000-0000-0000-0000-000000000000';
  await inChunks('sessions with audit entries', sessions, async () => {
    await client.query(entriesText, [afterId, chunkSize]);
    const next = 'select id from token_families where id > $1 order by id limit 1 offset $2';
    const { rows } = await client.query<{ id: string }>(next, [afterId, chunkSize - 1]);
    afterId = rows[0]?.id ?? afterId;
  });
}

/** Sessions past their retention, which clean-up deletes. */
export async function insertOutdatedSessions(client: pg.Client, count: number): Promise<void> {
  await client.query(
    `insert into token_families (id, user_id, generation, created_at, rotated_at, expires_at, absolute_expires_at,
       sliding_seconds, authenticated_at, assurance, methods)
     select gen_random_uuid(), id, 1, past, past, past, past, 604800, past, 'AAL1', '{PASSWORD}'
     from (select id, now() - interval '200 days' as past from users limit $1) u`,
    [count],
  );
}

/** Runs the statement for each chunk of the numbers from 1, in a transaction of its own. */
async function inChunks(
  name: string,
  count: number,
  insert: (first: number, last: number) => Promise<unknown>,
): Promise<void> {
  for (let first = 1; first <= count; first += chunkSize) {
    const last = Math.min(first + chunkSize - 1, count);
    await insert(first, last);
    process.stderr.write(`${last} ${name}\r`);
  }
  process.stderr.write('\n');
}

/** A new index is made faster than it is kept up to date. The primary key stays. */
async function withoutIndexes(client: pg.Client, table: string, insert: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    // The definition of a partitioned index would leave out the partitions.
    `select indexrelid::regclass::text as name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as definition
     from pg_index
     where indrelid = $1::regclass and not exists (select from pg_constraint c where c.conindid = indexrelid)`,
    [table],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await insert();
  for (const { definition } of rows) await client.query(definition);
}
