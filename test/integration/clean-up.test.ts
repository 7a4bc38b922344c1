/** What clean-up removes and what it must keep, in small batches beside traffic. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { type CleanedUp, cleanUp } from '../../src/domain/operations/clean-up.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  type SignedIn,
  signIn,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullRefreshDocument, FullViewerDocument, RegisterDocument } from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';

const hour = 60 * 60;
const day = 24 * hour;
const batchSize = 500;

let app: App;
let otherApp: App;
let userId: string;
const gateway = useGateway({ EMAIL_VERIFICATION: 'off' });
beforeAll(async () => {
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
  app = await createApp(config, { clock: gateway.clock });
  otherApp = await createApp(config, { clock: gateway.clock });
  userId = (await newSession()).viewer.id;
});
afterAll(async () => {
  await otherApp.close();
  await app.close();
});

async function newSession(): Promise<SignedIn> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return signIn(gateway, email);
}

const refresh = async ({ refreshToken }: SignedIn) =>
  withRefreshToken((await gateway.send(FullRefreshDocument, { input: { refreshToken } })).refresh);

function clean(): Promise<CleanedUp> {
  return cleanUp(app.dependencies());
}

/** So many seconds after the start on the clock of the test. */
const from = (seconds: number) => new Date(gateway.clock.now().getTime() + seconds * 1000);

type Table = Exclude<keyof CleanedUp, 'users' | 'webhook_messages' | 'audit_entries' | 'partitions'>;
const tables: readonly Table[] = [
  'registrations',
  'mail_tokens',
  'mail_token_answers',
  'mfa_tickets',
  'totp_secrets',
  'passkey_challenges',
  'code_flows',
  'federated_flows',
  'phones',
  'sms_messages',
  'sms_counters',
  'token_families',
  'outbox_mails',
  'attempt_counters',
  'signing_keys',
  'access_denials',
  'audit_activity',
  'api_keys',
  'service_account_secrets',
  'service_accounts',
  'spent_tokens',
  'events',
  'webhook_deliveries',
  'account_habits',
];

async function countOf(table: Table): Promise<number> {
  const [row] = await gateway.database.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return row?.count ?? 0;
}

async function exists(table: Table, mark: string): Promise<boolean> {
  const columns: Record<Table, string> = {
    registrations: 'email',
    mail_tokens: `encode(token_hash, 'escape')`,
    mail_token_answers: 'purpose',
    token_families: 'device_name',
    mfa_tickets: 'device_name',
    totp_secrets: `encode(secret_sealed, 'escape')`,
    passkey_challenges: `encode(challenge_hash, 'escape')`,
    code_flows: `encode(flow_hash, 'escape')`,
    federated_flows: `encode(state_hash, 'escape')`,
    phones: `encode(number_hash, 'escape')`,
    sms_messages: `encode(phone_hash, 'escape')`,
    sms_counters: `split_part(key, '/', 1)`,
    outbox_mails: `encode(recipient_hash, 'escape')`,
    attempt_counters: `encode(key, 'escape')`,
    signing_keys: 'kid',
    access_denials: 'caller',
    audit_activity: `'mark-' || sign_ins`,
    api_keys: 'name',
    service_account_secrets: `encode(secret_hash, 'escape')`,
    service_accounts: 'name',
    spent_tokens: `encode(token_hash, 'escape')`,
    events: `data->>'mark'`,
    webhook_deliveries: 'event_type',
    account_habits: `countries ->> 0`,
  };
  const rows = await gateway.database.query(`select from ${table} where ${columns[table]} = $1`, [mark]);
  return rows.length > 0;
}

let serial = 0;
function newMark(): string {
  serial += 1;
  return `mark-${serial}`;
}

/** Inserts rows of each table. @returns a value by which a single row is found */
const insert = {
  registrations: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into registrations (id, email, password_hash, token_hash, created_at, expires_at)
       select gen_random_uuid(), $1, 'none', $4::bytea || int4send(n), $2::timestamptz - interval '1 day', $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count, randomBytes(28)],
      mark,
    ),
  access_denials: (minute: Date, count = 1, mark = newMark()) =>
    put(
      `insert into access_denials (caller, operation, minute, pending, reported, details)
       select $1, 'Query.' || n, $2, 0, 1, '{}' from generate_series(1, $3::int) n`,
      [mark, minute, count],
      mark,
    ),
  audit_activity: (startsAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into audit_activity (seconds, starts_at, sign_ins, sign_in_failures, locks, token_reuses, registrations)
       select 300, $2::timestamptz - n * interval '5 minutes', replace($1, 'mark-', '')::int, 0, 0, 0, 0
       from generate_series(1, $3::int) n`,
      [mark, startsAt, count],
      mark,
    ),
  mail_tokens: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into mail_tokens (id, user_id, purpose, token_hash, created_at, expires_at)
       select gen_random_uuid(), $4, 'PASSWORD_RESET',
              case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end, $2, $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count, userId],
      mark,
    ),
  mail_token_answers: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into mail_token_answers (token_hash, purpose, user_id, expires_at)
       select $4::bytea || int4send(n), $1, gen_random_uuid(), $2 from generate_series(1, $3::int) n`,
      [mark, expiresAt, count, randomBytes(28)],
      mark,
    ),
  token_families: (absoluteExpiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into token_families (id, user_id, generation, created_at, rotated_at, expires_at, absolute_expires_at,
         sliding_seconds, authenticated_at, assurance, methods, device_name)
       select gen_random_uuid(), $4, 0, $2, $2, $2::timestamptz - interval '20 days', $2, 60, $2, 'AAL1', '{PASSWORD}', $1
       from generate_series(1, $3::int) n`,
      [mark, absoluteExpiresAt, count, userId],
      mark,
    ),
  outbox_mails: (createdAt: Date, state: 'pending' | 'sent' | 'dead', count = 1, mark = newMark()) =>
    put(
      `insert into outbox_mails (id, kind, recipient_hash, content_sealed, state, attempts, created_at, next_attempt_at)
       select gen_random_uuid(), 'password_reset', convert_to($1, 'UTF8'), null, $4, 1, $2, $5
       from generate_series(1, $3::int) n`,
      // Due after the end of the test, so that the worker does not send it.
      [mark, createdAt, count, state, from(10 * 365 * day)],
      mark,
    ),
  signing_keys: (retiredAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into signing_keys (kid, state, public_jwk, private_key_sealed, created_at, activated_at, retired_at)
       select case when n = 1 then $1 else $1 || '/' || n end, 'retired',
              (select public_jwk from signing_keys where state = 'active'), 'none', $2, $2, $2
       from generate_series(1, $3::int) n`,
      [mark, retiredAt, count],
      mark,
    ),
  attempt_counters: (totalEndsAt: Date, lockedUntil: Date | null, count = 1, mark = newMark()) =>
    put(
      `insert into attempt_counters (bucket, key, attempts, reserved_at, window_ends_at, total, total_ends_at, locked_until, locks)
       select 'test', case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end,
              1, $2, $2, 1, $2, $4, 0
       from generate_series(1, $3::int) n`,
      [mark, totalEndsAt, count, lockedUntil],
      mark,
    ),
  mfa_tickets: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into mfa_tickets (id, user_id, token_hash, remember_me, device_name, delivery, created_at, expires_at)
       select gen_random_uuid(), $4, convert_to($1 || '/' || n, 'UTF8'), false, $1, 'BEARER', $2, $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count, userId],
      mark,
    ),
  /** Each with its own user. */
  totp_secrets: (expiresAt: Date | null, count = 1, mark = newMark()) =>
    put(
      `with owners as (
         insert into users (id, email, role_name, status, created_at, updated_at)
         select gen_random_uuid(), $1 || '/' || n, 'USER', 'ACTIVE', now(), now() from generate_series(1, $3::int) n
         returning id)
       insert into totp_secrets (user_id, secret_sealed, created_at, expires_at)
       select id, convert_to($1, 'UTF8'), now(), $2 from owners`,
      [mark, expiresAt, count],
      mark,
    ),
  passkey_challenges: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into passkey_challenges (id, challenge_hash, purpose, created_at, expires_at)
       select gen_random_uuid(), case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end,
              'SIGN_IN', $2, $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count],
      mark,
    ),
  code_flows: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into code_flows (id, flow_hash, code_hash, channel, purpose, created_at, expires_at)
       select gen_random_uuid(), case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end,
              '', 'EMAIL', 'SIGN_IN', $2, $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count],
      mark,
    ),
  phones: (createdAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into phones (id, user_id, number_sealed, number_hash, country, factor, created_at)
       select gen_random_uuid(), (select id from users limit 1), '', convert_to($1, 'UTF8'), 'DE', false, $2
       from generate_series(1, $3::int) n`,
      [mark, createdAt, count],
      mark,
    ),
  sms_messages: (createdAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into sms_messages (id, phone_hash, country, prefix, state, created_at, next_attempt_at)
       select gen_random_uuid(), convert_to($1, 'UTF8'), 'DE', 'DE1512', 'sent', $2, $2
       from generate_series(1, $3::int) n`,
      [mark, createdAt, count],
      mark,
    ),
  sms_counters: (windowEndsAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into sms_counters (key, window_ends_at, count)
       select $1 || '/' || n, $2, 1 from generate_series(1, $3::int) n`,
      [mark, windowEndsAt, count],
      mark,
    ),
  federated_flows: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into federated_flows (id, state_hash, provider_id, purpose, return_to, code_challenge, secrets_sealed, created_at, expires_at)
       select gen_random_uuid(), case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end,
              gen_random_uuid(), 'SIGN_IN', '', '', '', $2, $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count],
      mark,
    ),
  api_keys: (expiresAt: Date, count = 1, mark = newMark(), revokedAt: Date | null = null) =>
    put(
      `insert into api_keys (id, lookup, user_id, name, scopes, secret_hash, secret_set_at, ip_allowlist, created_at,
         expires_at, revoked_at)
       select gen_random_uuid(), left(md5($1 || n), 16), $4, $1, '{}', '', $2, '{}', $2, $2, $5::timestamptz
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count, userId, revokedAt],
      mark,
    ),
  service_account_secrets: (expiresAt: Date | null, count = 1, mark = newMark(), revokedAt: Date | null = null) =>
    put(
      `with owner as (
         insert into service_accounts (id, name, role_name, status, created_at)
         values (gen_random_uuid(), 'owner of ' || $1, 'USER', 'ACTIVE', now()) returning id)
       insert into service_account_secrets (id, service_account_id, secret_hash, hint, created_at, expires_at, revoked_at)
       select gen_random_uuid(), owner.id,
              case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end, '', now(), $2, $4::timestamptz
       from owner, generate_series(1, $3::int) n`,
      [mark, expiresAt, count, revokedAt],
      mark,
    ),
  service_accounts: (deletedAt: Date | null, count = 1, mark = newMark()) =>
    put(
      `insert into service_accounts (id, name, role_name, status, created_at, deleted_at)
       select gen_random_uuid(), case when n = 1 then $1 else $1 || '/' || n end, 'USER', 'DELETED', now(), $2
       from generate_series(1, $3::int) n`,
      [mark, deletedAt, count],
      mark,
    ),
  spent_tokens: (expiresAt: Date, count = 1, mark = newMark()) =>
    put(
      `insert into spent_tokens (token_hash, expires_at)
       select case when n = 1 then convert_to($1, 'UTF8') else convert_to($1 || '/' || n, 'UTF8') end, $2
       from generate_series(1, $3::int) n`,
      [mark, expiresAt, count],
      mark,
    ),
  events: (occurredAt: Date, dispatchedAt: Date | null, count = 1, mark = newMark()) =>
    put(
      `insert into events (id, type, occurred_at, data, dispatched_at)
       select gen_random_uuid(), 'LATER_TYPE', $2, jsonb_build_object('mark', $1::text), $4
       from generate_series(1, $3::int) n`,
      [mark, occurredAt, count, dispatchedAt],
      mark,
    ),
  webhook_deliveries: (createdAt: Date, status: 'DELIVERED' | 'FAILED', count = 1, mark = newMark()) =>
    put(
      `with receiver as (
         insert into webhooks (id, url, events, include_profile, secret_sealed, enabled, enabled_at, created_at)
         values (gen_random_uuid(), 'https://hooks.example.com/', '{}', false, '', false, now(), now()) returning id)
       insert into webhook_deliveries (id, webhook_id, event_id, event_type, status, attempt, created_at)
       select gen_random_uuid(), receiver.id, gen_random_uuid(), $1, $4, 1, $2 from receiver, generate_series(1, $3::int) n`,
      [mark, createdAt, count, status],
      mark,
    ),
  account_habits: (updatedAt: Date, count = 1, mark = newMark()) =>
    put(
      `with owners as (
         insert into users (id, email, status, role_name, created_at, updated_at)
         select gen_random_uuid(), $1 || '/' || n || '@example.net', 'ACTIVE', 'USER', now(), now()
         from generate_series(1, $3::int) n returning id)
       insert into account_habits (user_id, countries, asns, hours, sign_ins, first_at, updated_at)
       select id, jsonb_build_array($1::text), '[]', array_fill(0, array[24]), 1, $2, $2 from owners`,
      [mark, updatedAt, count],
      mark,
    ),
};

async function put(statement: string, values: unknown[], mark: string): Promise<string> {
  await gateway.database.query(statement, values);
  return mark;
}

/** Records how many rows each DELETE removes from a table. */
async function watchDeletes(table: Table): Promise<() => Promise<number[]>> {
  await gateway.database.query(`create table if not exists watched (n serial, tab text, gone int)`);
  await gateway.database.query(`create or replace function watch() returns trigger language plpgsql as $$
    begin
      insert into watched (tab, gone) select tg_table_name, count(*) from gone;
      return null;
    end $$`);
  await gateway.database.query(`create or replace trigger watching after delete on ${table}
    referencing old table as gone for each statement execute function watch()`);
  return async () => {
    const sql = 'delete from watched where tab = $1 returning n, gone';
    const rows = await gateway.database.query<{ n: number; gone: number }>(sql, [table]);
    return rows.sort((a, b) => a.n - b.n).map(({ gone }) => gone);
  };
}

describe('clean-up', () => {
  const longAgo = () => from(-400 * day);
  const many: Record<Table, (count: number) => Promise<string>> = {
    registrations: (count) => insert.registrations(longAgo(), count),
    mail_tokens: (count) => insert.mail_tokens(longAgo(), count),
    mail_token_answers: (count) => insert.mail_token_answers(longAgo(), count),
    token_families: (count) => insert.token_families(longAgo(), count),
    outbox_mails: (count) => insert.outbox_mails(longAgo(), 'sent', count),
    attempt_counters: (count) => insert.attempt_counters(longAgo(), null, count),
    mfa_tickets: (count) => insert.mfa_tickets(longAgo(), count),
    totp_secrets: (count) => insert.totp_secrets(longAgo(), count),
    passkey_challenges: (count) => insert.passkey_challenges(longAgo(), count),
    code_flows: (count) => insert.code_flows(longAgo(), count),
    federated_flows: (count) => insert.federated_flows(longAgo(), count),
    phones: (count) => insert.phones(longAgo(), count),
    sms_messages: (count) => insert.sms_messages(longAgo(), count),
    sms_counters: (count) => insert.sms_counters(longAgo(), count),
    signing_keys: (count) => insert.signing_keys(longAgo(), count),
    access_denials: (count) => insert.access_denials(longAgo(), count),
    audit_activity: (count) => insert.audit_activity(longAgo(), count),
    api_keys: (count) => insert.api_keys(longAgo(), count),
    service_account_secrets: (count) => insert.service_account_secrets(longAgo(), count),
    service_accounts: (count) => insert.service_accounts(longAgo(), count),
    spent_tokens: (count) => insert.spent_tokens(longAgo(), count),
    events: (count) => insert.events(longAgo(), longAgo(), count),
    webhook_deliveries: (count) => insert.webhook_deliveries(longAgo(), 'DELIVERED', count),
    account_habits: (count) => insert.account_habits(longAgo(), count),
  };

  test.each(tables)('removes expired rows from %s in batches, in any number', async (table) => {
    await clean();
    const before = await countOf(table);
    const deletes = await watchDeletes(table);
    const count = 2 * batchSize + 234;
    await many[table](count);
    expect(await countOf(table)).toBe(before + count);
    const cleaned = await clean();
    expect(cleaned).toEqual({
      users: 0,
      webhook_messages: 0,
      ...Object.fromEntries(tables.map((name) => [name, 0])),
      [table]: count,
    });
    expect(await countOf(table)).toBe(before);
    const batches = await deletes();
    expect(batches.reduce((sum, gone) => sum + gone, 0)).toBe(count);
    expect(Math.max(...batches)).toBe(batchSize);
  });

  test('stops after a full batch as well', async () => {
    await clean();
    await insert.registrations(longAgo(), batchSize);
    expect((await clean()).registrations).toBe(batchSize);
    expect((await clean()).registrations).toBe(0);
  });

  test('by several instances at once removes every row once', async () => {
    await clean();
    const count = 3 * batchSize;
    await many.mail_tokens(count);
    const cleaned = await Promise.all(Array.from({ length: 4 }, clean));
    // Each instance skipped the rows that another one was removing; an instance that found none ended.
    expect(cleaned.reduce((sum, one) => sum + (one.mail_tokens ?? 0), 0)).toBe(count);
  });
});

describe('a clean-up', () => {
  test('that fails at one table reports it and removes the rows of the others', async () => {
    await clean();
    const [before, after] = [
      await insert.mail_tokens(from(-400 * day)),
      await insert.outbox_mails(from(-400 * day), 'sent'),
    ];
    const kept = await insert.passkey_challenges(from(-400 * day));
    await gateway.database.query(`create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'no' using errcode = '57014'; end $$`);
    await gateway.database.query(
      `create trigger refusing before delete on passkey_challenges for each statement execute function refuse()`,
    );
    try {
      await expect(clean()).rejects.toThrow('cleaning up failed for passkey_challenges');
    } finally {
      await gateway.database.query('drop function refuse() cascade');
    }
    expect(await exists('passkey_challenges', kept)).toBe(true);
    expect(await exists('mail_tokens', before)).toBe(false);
    expect(await exists('outbox_mails', after)).toBe(false);
    expect((await clean()).passkey_challenges).toBe(1);
  });

  test('of one instance makes the others skip it', async () => {
    await app.cleanUpAlone();
    const mark = await insert.passkey_challenges(from(-400 * day));
    // The first instance waits here, in the middle of its work.
    const holder = new pg.Client(gateway.database.url);
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table passkey_challenges in access exclusive mode');
      const first = app.cleanUpAlone();
      await until('the first instance waits for the table', async () => {
        const waiting = await gateway.database.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return waiting.length > 0;
      });
      expect(await otherApp.cleanUpAlone()).toBeNull();
      await holder.query('commit');
      expect(await first).toMatchObject({ passkey_challenges: 1 });
    } finally {
      await holder.end();
    }
    expect(await exists('passkey_challenges', mark)).toBe(false);
    expect(await otherApp.cleanUpAlone()).toMatchObject({ passkey_challenges: 0 });
  });
});

describe('clean-up keeps', () => {
  test('an event until EVENT_RETENTION is over, and at any age until the webhooks have received it', async () => {
    const [over, kept, waiting] = [
      await insert.events(from(-7 * day - 1), from(-7 * day)),
      await insert.events(from(-7 * day + 1), from(-7 * day + 1)),
      await insert.events(from(-400 * day), null),
    ];
    await clean();
    const left = [over, kept, waiting].map((mark) => exists('events', mark));
    expect(await Promise.all(left)).toEqual([false, true, true]);
  });

  test('a delivery for 30 days, and at any age while an attempt is left', async () => {
    const [over, kept, waiting] = [
      await insert.webhook_deliveries(from(-30 * day - 1), 'DELIVERED'),
      await insert.webhook_deliveries(from(-30 * day + 1), 'DELIVERED'),
      await insert.webhook_deliveries(from(-400 * day), 'FAILED'),
    ];
    await clean();
    const left = [over, kept, waiting].map((mark) => exists('webhook_deliveries', mark));
    expect(await Promise.all(left)).toEqual([false, true, true]);
  });

  test('a retired signing key for as long as a session can be idle', async () => {
    const [over, kept] = [
      await insert.signing_keys(from(-31 * day - 1)),
      await insert.signing_keys(from(-31 * day + 1)),
    ];
    await clean();
    expect([await exists('signing_keys', over), await exists('signing_keys', kept)]).toEqual([false, true]);
  });

  test('a pending second step until its ticket expires', async () => {
    const [over, live] = [await insert.mfa_tickets(from(-1)), await insert.mfa_tickets(from(1))];
    await clean();
    expect(await exists('mfa_tickets', over)).toBe(false);
    expect(await exists('mfa_tickets', live)).toBe(true);
  });

  test('a passkey challenge until it expires', async () => {
    const [over, live] = [await insert.passkey_challenges(from(-1)), await insert.passkey_challenges(from(1))];
    await clean();
    expect(await exists('passkey_challenges', over)).toBe(false);
    expect(await exists('passkey_challenges', live)).toBe(true);
  });

  test('a TOTP secret: an offered one until the offer expires, a confirmed one permanently', async () => {
    const [over, live] = [await insert.totp_secrets(from(-1)), await insert.totp_secrets(from(1))];
    const confirmed = await insert.totp_secrets(null);
    await clean();
    expect(await exists('totp_secrets', over)).toBe(false);
    expect(await exists('totp_secrets', live)).toBe(true);
    expect(await exists('totp_secrets', confirmed)).toBe(true);
  });

  test('a registration until its link expires', async () => {
    const [over, live] = [await insert.registrations(from(-1)), await insert.registrations(from(1))];
    await clean();
    expect(await exists('registrations', over)).toBe(false);
    expect(await exists('registrations', live)).toBe(true);
  });

  test('a mail token until a day after its expiry', async () => {
    const live = await insert.mail_tokens(from(hour));
    const recent = await insert.mail_tokens(from(-day + 60));
    const over = await insert.mail_tokens(from(-day - 60));
    await clean();
    expect(await exists('mail_tokens', live)).toBe(true);
    expect(await exists('mail_tokens', recent)).toBe(true);
    expect(await exists('mail_tokens', over)).toBe(false);
  });

  test('a family until ninety days after its absolute end, revoked or not', async () => {
    const living = await insert.token_families(from(day));
    const ended = await insert.token_families(from(-60));
    const recent = await insert.token_families(from(-90 * day + 60));
    const revoked = await insert.token_families(from(-90 * day + 60));
    const over = await insert.token_families(from(-90 * day - 60));
    await gateway.database.query(
      `update token_families set revoked_at = created_at, revoked_reason = 'logout' where device_name = $1`,
      [revoked],
    );
    await clean();
    for (const kept of [living, ended, recent, revoked]) expect(await exists('token_families', kept)).toBe(true);
    expect(await exists('token_families', over)).toBe(false);
  });

  test('unsent mail at any age, and records of sent mail for thirty days', async () => {
    const waiting = await insert.outbox_mails(from(-400 * day), 'pending');
    const recent = [
      await insert.outbox_mails(from(-30 * day + 60), 'sent'),
      await insert.outbox_mails(from(-30 * day + 60), 'dead'),
    ];
    const old = [
      await insert.outbox_mails(from(-30 * day - 60), 'sent'),
      await insert.outbox_mails(from(-30 * day - 60), 'dead'),
    ];
    await clean();
    for (const kept of [waiting, ...recent]) expect(await exists('outbox_mails', kept)).toBe(true);
    for (const gone of old) expect(await exists('outbox_mails', gone)).toBe(false);
  });

  test('a counter while it counts and while it locks', async () => {
    const counting = await insert.attempt_counters(from(60), null);
    const locked = await insert.attempt_counters(from(-60), from(60));
    const over = await insert.attempt_counters(from(-60), null);
    const unlocked = await insert.attempt_counters(from(-2 * day), from(-day));
    await clean();
    expect(await exists('attempt_counters', counting)).toBe(true);
    expect(await exists('attempt_counters', locked)).toBe(true);
    expect(await exists('attempt_counters', over)).toBe(false);
    expect(await exists('attempt_counters', unlocked)).toBe(false);
  });

  test('a lock by the time of the gateway, not that of the database', async () => {
    gateway.clock.travel(day);
    const locked = await insert.attempt_counters(from(-60), from(60));
    const unlocked = await insert.attempt_counters(from(-120), from(-60));
    await clean();
    expect(await exists('attempt_counters', locked)).toBe(true);
    expect(await exists('attempt_counters', unlocked)).toBe(false);
  });

  test('users, keys and the audit trail', async () => {
    const countAll = () =>
      gateway.database.query(
        `select (select count(*) from users) as users, (select count(*) from signing_keys) as keys,
                (select count(*) from audit_entries) as entries, (select count(*) from roles) as roles`,
      );
    const before = await countAll();
    await insert.token_families(from(-400 * day), 3);
    await clean();
    expect(await countAll()).toEqual(before);
  });
});

describe('clean-up during traffic', () => {
  test('skips locked rows until the next time, without waiting', async () => {
    await clean();
    const worked = await insert.registrations(from(-day));
    await insert.registrations(from(-day), batchSize + 100);
    const client = new pg.Client(gateway.database.url);
    await client.connect();
    try {
      await client.query('begin');
      const { rowCount } = await client.query('select from registrations where email = $1 for update', [worked]);
      expect(rowCount).toBe(1);
      expect((await clean()).registrations).toBe(batchSize + 100);
      expect(await exists('registrations', worked)).toBe(true);
      await client.query('commit');
      expect((await clean()).registrations).toBe(1);
      expect(await exists('registrations', worked)).toBe(false);
    } finally {
      await client.end();
    }
  });

  test('keeps the sessions of signed-in users', async () => {
    const session = await newSession();
    await insert.token_families(from(-400 * day), batchSize + 1);
    const [cleaned, refreshed] = await Promise.all([clean(), refresh(session)]);
    expect(cleaned.token_families).toBe(batchSize + 1);
    expect((await gateway.send(FullViewerDocument, {}, refreshed.accessToken)).viewer?.id).toBe(session.viewer.id);
    expect((await refresh(refreshed)).session.id).toBe(session.session.id);
  });
});

describe('a token replayed after clean-up', () => {
  const reusesOf = (session: SignedIn) =>
    gateway.database.query(
      `select id from audit_entries where action = 'token.reuse_detected' and target_id = $1 and session_id::text = $1`,
      [session.session.id],
    );

  test('is still recognised as used', async () => {
    const stolen = await newSession();
    let newest = await refresh(stolen);
    for (let week = 1; week <= 4; week += 1) {
      gateway.clock.travel(7 * day - hour);
      newest = await refresh(newest);
      await insert.token_families(from(-400 * day), 10);
      expect((await clean()).token_families).toBeGreaterThanOrEqual(10);
    }
    expect(await refusal(refresh(stolen))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await reusesOf(stolen)).toHaveLength(1);
    const answer = await refusal(gateway.send(FullViewerDocument, {}, newest.accessToken));
    expect(answer.extensions).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect(await refusal(refresh(newest))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  });

  test('is invalid when its family is removed', async () => {
    const session = await newSession();
    gateway.clock.travel((30 + 90) * day + 60);
    expect((await clean()).token_families).toBeGreaterThanOrEqual(1);
    expect(await refusal(refresh(session))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  });
});
