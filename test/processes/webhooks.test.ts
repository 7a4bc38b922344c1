/** Webhooks of real processes: the receiver of the guide, a killed gateway, and the command line. */
import { spawn } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { endpointAt } from '../support/gateway/endpoint.ts';
import { goodPassword, testSecret, withRefreshToken } from '../support/gateway/gateway.ts';
import {
  CreateWebhookDocument,
  type CreateWebhookInput,
  FullLoginDocument,
  RegisterDocument,
} from '../support/generated/graphql.ts';
import { createProcessRunner, type RunningProcess } from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';
import { answering, startWebhookReceiver } from '../support/servers/webhook-receiver.ts';

// Each process takes a second or two to load, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const root = resolve(import.meta.dirname, '../..');
const runner = createProcessRunner();
let database: TestDatabase;
let env: Record<string, string>;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await runner.folder();
  env = { DATABASE_URL: database.url, SECRET: testSecret, EMAIL_VERIFICATION: 'off', RATE_LIMITS: 'register=off' };
});
afterEach(async () => {
  await runner.clear();
  await database.drop();
});

interface Served {
  process: RunningProcess;
  endpoint: ReturnType<typeof endpointAt>;
}

async function serve(): Promise<Served> {
  const port = await freePort();
  const process = runner.start(['serve'], { cwd: folder, env: { ...env, PORT: String(port) } });
  await process.says('Postern serves');
  return { process, endpoint: endpointAt(port) };
}

const register = ({ endpoint }: Served, email: string) =>
  endpoint.send(RegisterDocument, { input: { email, password: goodPassword } });

async function createWebhook(served: Served, input: CreateWebhookInput): Promise<string> {
  const email = 'admin@example.com';
  await register(served, email);
  await database.query(`update users set role_name = 'ADMIN' where email = $1`, [email]);
  const { login } = await served.endpoint.send(FullLoginDocument, { input: { email, password: goodPassword } });
  const { accessToken } = withRefreshToken(login);
  // A new webhook also receives the events of the last second, which are not dispatched yet.
  await until('the fan-out', async () => {
    const waiting = await database.query('select from events where dispatched_at is null');
    return waiting.length === 0;
  });
  return (await served.endpoint.send(CreateWebhookDocument, { input }, accessToken)).createWebhook.secret;
}

async function deliveredCount(): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::int as count from webhook_deliveries where status = 'DELIVERED'`,
  );
  return row?.count ?? 0;
}

test('the receiver of the guide verifies and prints a user.created', async () => {
  const guide = await readFile(join(root, 'docs/webhooks.md'), 'utf8');
  const [, code = ''] = /```js receiver\.js\n(.*?)```/s.exec(guide) ?? [];
  expect(code.split('\n').length).toBeLessThanOrEqual(24);
  await writeFile(join(folder, 'receiver.mjs'), code);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const port = await freePort();
  const served = await serve();
  const url = `http://127.0.0.1:${port}/`;
  const secret = await createWebhook(served, { url, events: ['USER_CREATED'] });
  const receiver = spawn(process.execPath, ['receiver.mjs'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', PORT: String(port), WEBHOOK_SECRET: secret },
  });
  try {
    let printed = '';
    receiver.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    await register(served, 'ada@example.com');
    await until('the line of the receiver', () => /^user\.created [0-9a-f-]{36}$/m.test(printed), 30_000);
    await until('the delivery', async () => (await deliveredCount()) === 1);
    const refused = await fetch(url, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(400);
  } finally {
    receiver.kill('SIGKILL');
  }
});

test('a gateway killed between send and mark delivers again with the same webhook-id, and loses nothing', async () => {
  const receiver = await startWebhookReceiver();
  try {
    const first = await serve();
    await createWebhook(first, { url: receiver.url, events: ['USER_CREATED'] });
    // The receiver has the message, and the gateway waits for the answer.
    receiver.answer(() => undefined);
    await register(first, 'ada@example.com');
    await until('the message', () => receiver.received.length === 1, 30_000);
    first.process.send('SIGKILL');
    await first.process.ended;
    receiver.answer(answering(204));
    // The lease of the dead process is a minute.
    await database.query(`update webhook_deliveries set lease_until = lease_until - interval '1 minute'`);
    await serve();
    await until('the second message', () => receiver.received.length === 2, 30_000);
    await until('the delivery', async () => (await deliveredCount()) === 1);
    const [before, after] = receiver.received;
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
    expect(after?.body.equals(before?.body ?? Buffer.of())).toBe(true);
  } finally {
    await receiver.stop();
  }
});

test('events of a stopped receiver wait, and "postern webhooks deliveries --failed" prints them', async () => {
  const receiver = await startWebhookReceiver();
  receiver.answer(answering(500, {}, 'away\n\u001b[31mnot a command of the terminal'));
  try {
    const served = await serve();
    await createWebhook(served, { url: receiver.url, events: ['USER_CREATED'] });
    const command = () => runner.run(['webhooks', 'deliveries', '--failed'], { cwd: folder, env });
    expect(await command()).toMatchObject({ code: 0, stdout: 'No delivery failed.\n' });
    await register(served, 'ada@example.com');
    await until(
      'the failure',
      async () => (await database.query(`select from webhook_deliveries where status = 'FAILED'`)).length > 0,
      30_000,
    );
    const { code, stdout } = await command();
    expect(code).toBe(0);
    expect(stdout).toMatch(/FAILED {2}attempt \d {2}USER_CREATED {2}http:\S+ {2}HTTP 500 away \[31mnot a command/);
    expect(stdout).not.toContain('\u001b');
    receiver.answer(answering(204));
    await database.query('update webhook_deliveries set next_attempt_at = now()');
    await until('the delivery', async () => (await deliveredCount()) === 1, 30_000);
  } finally {
    await receiver.stop();
  }
});
