/** The log of PostgreSQL: which values of statements it contains, while statements fail and while all are logged. */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  goodPassword,
  newAddress,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { RegisterDocument, RequestPasswordResetDocument, UpdateProfileDocument } from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';
import { asSuperuser } from '../support/servers/tls-database.ts';

let gateway: TestGateway;
let known: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  known = await registerUser(gateway, 'logged-known@planted-log.example');
});
afterAll(() => gateway?.stop());

const log = () => readFile(inject('postgresLog'), 'utf8');

/** @returns what PostgreSQL logs while the work runs, up to a final marker */
async function loggedDuring(work: () => Promise<void>): Promise<string> {
  const before = (await log()).length;
  await work();
  const mark = `mark ${newAddress()}`;
  await gateway.database.query(`do $$ begin raise warning '${mark}'; end $$`);
  await until('the mark is logged', async () => (await log()).includes(mark, before));
  return (await log()).slice(before);
}

/** Takes the lock in a statement, and holds it until the work ends. */
async function whileLocked(statement: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client(gateway.database.url);
  await client.connect();
  try {
    await client.query('begin');
    await client.query(statement);
    await work();
  } finally {
    await client.end();
  }
}

async function storedSecrets(): Promise<string[]> {
  const rows = await gateway.database.query<{ secret: string }>(
    `select password_hash as secret from users union select encode(token_hash, 'hex') from mail_tokens
     union select password_hash from registrations union select encode(token_hash, 'hex') from registrations`,
  );
  return rows.map(({ secret }) => secret).filter(Boolean);
}

async function expectNoSecret(text: string): Promise<void> {
  const secrets = ['planted-log.example', '$argon2', goodPassword, ...(await storedSecrets())];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  const details = text.split('\n').filter((line) => /DETAIL: {2}(Key|Failing row|[Pp]arameters)/.test(line));
  expect(details.filter((line) => /planted|argon2|\\x[0-9a-f]{16}/.test(line))).toEqual([]);
}

const register = async (email: string) => {
  const answer = await gateway.post(bodyOf(RegisterDocument, { input: { email, password: goodPassword } }));
  expect(answer.status).toBe(503);
};

describe('failed statements in the default configuration', () => {
  test.each([
    [
      'a change of registrations',
      'lock table registrations in exclusive mode',
      /STATEMENT: {2}update registrations set contested/,
    ],
    [
      'the lock of an address',
      `select pg_advisory_xact_lock(hashtextextended('address:logged-new@planted-log.example', 0))`,
      /STATEMENT: {2}select pg_advisory_xact_lock\(hashtextextended\(\$1, 0\)\)/,
    ],
    ['an insert of a mail', 'lock table outbox_mails in exclusive mode', /STATEMENT: {2}insert into "?outbox_mails/],
  ])('are logged without values: %s', async (_what, lock, statement) => {
    const text = await loggedDuring(() => whileLocked(lock, () => register('logged-new@planted-log.example')));
    expect(text).toMatch(/ERROR: {2}canceling statement due to lock timeout/);
    expect(text).toMatch(statement);
    await expectNoSecret(text.replaceAll(/hashtextextended\('[^']*'/g, ''));
  });

  test('are logged without values even when the database logs parameters of failures', async () => {
    const name = new URL(gateway.database.url).pathname.slice(1);
    await gateway.database.query(`alter database ${name} set log_parameter_max_length_on_error = -1`);
    const second = await startTestGateway({ DATABASE_URL: gateway.database.url }, gateway);
    const text = await loggedDuring(() =>
      whileLocked('lock table registrations in exclusive mode', async () => {
        const variables = { input: { email: 'logged-other@planted-log.example', password: goodPassword } };
        expect((await second.post(bodyOf(RegisterDocument, variables))).status).toBe(503);
      }),
    );
    await second.stop();
    expect(text).toMatch(/ERROR: {2}canceling statement due to lock timeout/);
    await expectNoSecret(text);
  });
});

test('log_statement logs no values with log_parameter_max_length = 0, as the guide requires', async () => {
  const name = new URL(gateway.database.url).pathname.slice(1);
  await asSuperuser(async (query) => {
    await query(`alter database ${name} set log_statement = 'all'`);
    await query(`alter database ${name} set log_parameter_max_length = 0`);
  });
  const second = await startTestGateway({ DATABASE_URL: gateway.database.url }, gateway);
  const text = await loggedDuring(async () => {
    await registerUser(second, 'logged-second@planted-log.example');
    const { accessToken } = await signIn(second, known);
    await second.send(UpdateProfileDocument, { input: { displayName: 'Planted-log.example' } }, accessToken);
    await second.send(RequestPasswordResetDocument, { input: { email: known } });
  });
  await second.stop();
  expect(text).toMatch(/LOG: {2}execute .*insert into "?audit_entries/);
  await expectNoSecret(text);
});
