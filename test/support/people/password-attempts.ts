/** Sends password attempts, and reads their effects: counters, audit entries, mails. */
import { print } from 'graphql';
import { createKeyRing } from '../../../src/security/keys/key-ring.ts';
import { keyedHash } from '../../../src/security/keys/keyed-hash.ts';
import type { TestDatabase } from '../gateway/database.ts';
import { goodPassword, newAddress, registerUser, type TestGateway, testSecret } from '../gateway/gateway.ts';
import { FullLoginDocument, type SessionDelivery } from '../generated/graphql.ts';

export interface Try {
  password?: string;
  headers?: Record<string, string>;
  delivery?: SessionDelivery;
}

export interface Verdict {
  /** The code of the error, or "signed in". */
  code: string;
  status: number;
  headers: Headers;
  retryAfter: unknown;
  /** The body without the request id, for responses that must be equal. */
  text: string;
  deviceToken: string | null;
}

interface LoginBody {
  data?: { login?: { deviceToken?: string | null } } | null;
  errors?: { extensions: { code: string; retryAfter?: unknown } }[];
}

export const wrongPassword = 'Wrong guess 1';

const keyRing = createKeyRing([Buffer.from(testSecret, 'base64')]);

export async function tryPassword(gateway: Pick<TestGateway, 'url'>, email: string, how: Try = {}): Promise<Verdict> {
  const { password = wrongPassword, headers = {}, delivery = 'BEARER' } = how;
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: print(FullLoginDocument), variables: { input: { email, password, delivery } } }),
  });
  const text = await response.text();
  const body: LoginBody = JSON.parse(text);
  const [error] = body.errors ?? [];
  return {
    code: error?.extensions.code ?? 'signed in',
    status: response.status,
    headers: response.headers,
    retryAfter: error?.extensions.retryAfter,
    text: text.replace(/"requestId":"[^"]*"/g, '"requestId":"…"'),
    deviceToken: body.data?.login?.deviceToken ?? null,
  };
}

/** Signs in with the right password. */
export function tryRight(gateway: Pick<TestGateway, 'url'>, email: string, headers = {}): Promise<Verdict> {
  return tryPassword(gateway, email, { password: goodPassword, headers });
}

/** The codes of so many attempts, one after the other. */
export async function codesOfTries(
  gateway: Pick<TestGateway, 'url'>,
  email: string,
  count: number,
  how: Try = {},
): Promise<string[]> {
  const codes: string[] = [];
  while (codes.length < count) codes.push((await tryPassword(gateway, email, how)).code);
  return codes;
}

export function times(count: number, code: string): string[] {
  return Array.from({ length: count }, () => code);
}

const templates = new WeakMap<TestGateway, Promise<string>>();

/** A user as a registration creates it, without the wait for the mail: a copy of a registered one. */
export async function createUser(gateway: TestGateway, status = 'ACTIVE'): Promise<string> {
  const known = templates.get(gateway) ?? registerUser(gateway);
  templates.set(gateway, known);
  const email = newAddress();
  await gateway.database.query(
    `insert into users (id, email, email_verified_at, password_hash, role_name, status, created_at, updated_at)
     select gen_random_uuid(), $1, email_verified_at, password_hash, role_name, $2, $4, $4
     from users where email = $3`,
    [email, status, await known, gateway.clock.now()],
  );
  return email;
}

export interface LockEntry {
  outcome: string;
  targetId: string | null;
  details: { addressHash: string; lockedUntil: string };
}

/** The audit entries about the lockouts of an address. */
export async function auditedLocks(database: TestDatabase, email: string): Promise<LockEntry[]> {
  return auditedFor<LockEntry>(database, 'account.locked', email);
}

/** Entries that name the address by its keyed hash, oldest first. */
export async function auditedFor<Row extends object>(
  database: TestDatabase,
  action: string,
  email: string,
): Promise<Row[]> {
  return database.query<Row>(
    `select outcome, target_id as "targetId", details from audit_entries
     where action = $1 and details->>'addressHash' = $2 order by occurred_at, id`,
    [action, keyedHash(keyRing, email).toString('base64url')],
  );
}

/** The number of mails of a kind to an address, sent or not. */
export async function mailsDecided(database: TestDatabase, kind: string, email: string): Promise<number> {
  // A row without a mail keeps the work neutral: it counts as sent from the start, without a time of sending.
  const rows = await database.query(
    `select id from outbox_mails
     where kind = $1 and recipient_hash = $2 and not (state = 'sent' and sent_at is null)`,
    [kind, keyedHash(keyRing, email)],
  );
  return rows.length;
}

export interface CounterRow {
  attempts: number;
  total: number;
  locks: number;
  lockedUntil: Date | null;
}

export async function accountCounter(database: TestDatabase, email: string): Promise<CounterRow | undefined> {
  const rows = await database.query<CounterRow>(
    `select attempts, total, locks, locked_until as "lockedUntil" from attempt_counters
     where bucket = 'account' and key = $1`,
    [keyedHash(keyRing, 'account', email)],
  );
  return rows[0];
}
