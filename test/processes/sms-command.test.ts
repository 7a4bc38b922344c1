/** `postern sms …` against a server with Twilio's answers. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner } from '../support/processes/processes.ts';
import { startTwilioServer, type TwilioServer } from '../support/servers/twilio-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const runner = createProcessRunner();
let twilio: TwilioServer;
let database: TestDatabase;
beforeAll(async () => {
  [twilio, database] = await Promise.all([startTwilioServer(), createTestDatabase()]);
});
afterAll(async () => {
  await runner.clear();
  await Promise.all([twilio.stop(), database.drop()]);
});
beforeEach(() => {
  twilio.mood = 'well';
  twilio.accepted.length = 0;
});

const number = '+4915123456789';

function postern(args: readonly string[], settings: Record<string, string> = {}) {
  const env = { NODE_ENV: 'test', SECRET: testSecret, DATABASE_URL: database.url, ...twilio.settings, ...settings };
  return runner.run(args, { env });
}

test('sends one message and says that Twilio accepted it', async () => {
  const { code, stdout } = await postern(['sms', 'test', '--to', '+49 1512 3456789']);
  expect([code, stdout.trim()]).toEqual([0, `Twilio accepted the message to ${number}.`]);
  expect(twilio.accepted).toEqual([
    { to: number, from: '+15005550006', body: expect.stringMatching(/^12345678 is your Postern code/) },
  ]);
});

test('names the code of a refusal and not its text', async () => {
  twilio.mood = 21211;
  const { code, stderr } = await postern(['sms', 'test', '--to', number]);
  expect(code).toBe(1);
  expect(stderr).toBe('postern: Twilio refused the message: 400 21211. See docs/sms.md.\n');
});

test.each([
  ['+18764561234', 'SMS_COUNTRIES does not name the country of this number'],
  ['0151', 'enter a phone number in international form'],
])('sends nothing to %s', async (to, words) => {
  const { code, stderr } = await postern(['sms', 'test', '--to', to]);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(twilio.accepted).toEqual([]);
});

test('needs a provider', async () => {
  const { code, stderr } = await postern(['sms', 'test', '--to', number], { SMS_PROVIDER: '' });
  expect(code).toBe(2);
  expect(stderr).toContain('SMS_PROVIDER: is not set');
});

test('shows the messages of seven days by country, and the budget', async () => {
  const now = new Date();
  const add = (country: string, state: string, daysAgo: number, isVerified = false) => {
    const createdAt = new Date(now.getTime() - daysAgo * 86_400_000);
    return database.query(
      `insert into sms_messages (id, phone_hash, country, prefix, state, created_at, next_attempt_at, verified_at)
       values ($1, 'x', $2, $6, $3, $4, $4, $5)`,
      [randomUUID(), country, state, createdAt, isVerified ? createdAt : null, `${country}1234`],
    );
  };
  await add('US', 'sent', 1, true);
  await add('DE', 'sent', 1, true);
  await add('DE', 'sent', 2);
  await add('DE', 'dead', 2);
  await add('DE', 'withheld', 6);
  await add('DE', 'sent', 8);
  const midnight = new Date(Math.ceil(now.getTime() / 86_400_000) * 86_400_000);
  await database.query(`insert into sms_counters values ('total', $1, 3)`, [midnight]);
  const { code, stdout } = await postern(['sms', 'usage']);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).join(' ')),
  ).toEqual([
    'country sent verified withheld failed',
    'DE 2 1 1 1',
    'US 1 1 0 0',
    `SMS_BUDGET: 3 of 200 messages used until ${midnight.toISOString()}.`,
  ]);
});
