/** Mail after a kill of the process: the next process sends what was committed. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { type Endpoint, endpointAt } from '../support/gateway/endpoint.ts';
import { goodPassword, limitsOff, testSecret } from '../support/gateway/gateway.ts';
import { RegisterDocument, VerifyEmailDocument } from '../support/generated/graphql.ts';
import { startFailingMailServer } from '../support/mail/failing-mail-server.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent, outboxOf } from '../support/mail/mailbox.ts';
import { startStallingMailServer } from '../support/mail/stalling-mail-server.ts';
import { createProcessRunner, type RunningProcess } from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

// Each process takes a second or two to load, and the machine may be busy.
vi.setConfig({ testTimeout: 90_000 });
const runner = createProcessRunner();
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => runner.clear());
afterAll(() => database.drop());

async function start(smtpUrl: string): Promise<{ process: RunningProcess; door: Endpoint }> {
  const port = await freePort();
  const env = {
    NODE_ENV: 'production',
    SHUTDOWN_DELAY: '0s',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: 'https://auth.example.com',
    DATABASE_URL: database.url,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Postern <no-reply@auth.example.com>',
    SECRET: testSecret,
    RATE_LIMITS: limitsOff,
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_PASSES: '5',
  };
  const started = runner.start(['serve'], { env });
  await started.says('"msg":"listening"');
  return { process: started, door: endpointAt(port) };
}

/** As kill -9 does: nothing is finished or logged. */
async function kill(started: RunningProcess): Promise<void> {
  process.kill(started.pid, 'SIGKILL');
  expect((await started.ended).code).toBeNull();
}

const register = (endpoint: Endpoint, email: string) =>
  endpoint.send(RegisterDocument, { input: { email, password: goodPassword } });

test('a kill between commit and delivery loses no mail and sends no duplicate', async () => {
  const server = await startFailingMailServer();
  const first = await start(server.url);
  const emails = ['one@example.com', 'two@example.com', 'three@example.com'];
  await Promise.all(emails.map((email) => register(first.door, email)));
  await kill(first.process);
  const left = await outboxOf(database);
  expect(left.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);

  await server.open();
  const second = await start(server.url);
  // Another worker takes the mail of the first once its claim has expired: as if two minutes had passed.
  await database.query(`update outbox_mails set next_attempt_at = now() where state = 'pending'`);
  await everythingIsSent(database);
  expect(server.accepted.flatMap(({ to }) => to).toSorted()).toEqual(emails.toSorted());
  expect(server.seen.toSorted()).toEqual(left.map(({ id }) => `<${id}@auth.example.com>`).toSorted());
  for (const { mail } of server.accepted) {
    await second.door.send(VerifyEmailDocument, { input: { token: tokenIn(mail) } });
  }
  await server.close();
});

test('a kill during delivery sends the mail again under the same Message-ID, as SMTP allows', async () => {
  const silent = await startStallingMailServer((stage) => stage === 'content');
  const first = await start(silent.url);
  await register(first.door, 'four@example.com');
  await until('the server has the whole mail', () => silent.contents.length === 1);
  await kill(first.process);
  const row = (await outboxOf(database)).at(-1);
  expect(row).toMatchObject({ state: 'pending', attempts: 1 });
  // The claim outlives the process, so that no other worker sends a mail that this one may be sending.
  expect(row?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 60_000);
  await silent.stop();

  const well = await startStallingMailServer(() => false);
  await start(well.url);
  await database.query(`update outbox_mails set next_attempt_at = now() where state = 'pending'`);
  await everythingIsSent(database);
  expect(well.taken).toEqual(['four@example.com']);
  const headerOf = (content: string | undefined, name: string) =>
    new RegExp(`^${name}: .*$`, 'm').exec(content ?? '')?.[0];
  for (const name of ['Message-ID', 'Date']) {
    expect(headerOf(well.contents[0], name)).toMatch(/: ./);
    expect(headerOf(well.contents[0], name)).toBe(headerOf(silent.contents[0], name));
  }
  await well.stop();
});
