/** The end of a server: requests in flight, open connections, repeated signals and its embedded PostgreSQL. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { goodPassword, limitsOff } from '../support/gateway/gateway.ts';
import {
  createProcessRunner,
  databaseProcess,
  isRunning,
  type RunningProcess,
} from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
afterEach(() => runner.clear());

async function serve(env: Record<string, string>) {
  const [port, cwd] = await Promise.all([freePort(), runner.folder()]);
  const settings = { PORT: String(port), LOG_LEVEL: 'info', RATE_LIMITS: limitsOff, ...env };
  const process = runner.start(['serve'], { cwd, env: settings });
  await process.says('"msg":"listening"');
  return { url: `http://127.0.0.1:${port}`, process, databasePid: await databaseProcess(cwd) };
}

const drains = (process: RunningProcess) => process.says('"msg":"draining"');

async function expectDatabaseStopped(pid: number | null): Promise<void> {
  expect(pid).not.toBeNull();
  await until('the end of PostgreSQL', () => !isRunning(pid ?? 0));
}

test('50 requests in flight are all answered when SIGTERM arrives twice within 150 ms', async () => {
  const { url, process, databasePid } = await serve({ SHUTDOWN_DELAY: '0s', LOCKOUT: '100/15m' });
  const query = 'mutation($input: LoginInput!) { login(input: $input) { __typename } }';
  let answered = 0;
  const logins = Array.from({ length: 50 }, async (_, index) => {
    const variables = { input: { email: `unknown-${index}@example.com`, password: goodPassword } };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { errors } = await response.json();
    answered += 1;
    return errors?.[0]?.extensions.code;
  });
  // A later request with a response shows that the earlier ones have arrived.
  await (await fetch(`${url}/livez`)).text();
  expect(answered).toBeLessThan(50);
  process.send('SIGTERM');
  await drains(process);
  process.send('SIGTERM');
  expect(await Promise.all(logins)).toEqual(Array(50).fill('INVALID_CREDENTIALS'));
  expect(await process.endsWithin(9_000)).toMatchObject({ code: 0, stderr: '' });
  await expectDatabaseStopped(databasePid);
});

/** A connection that stays open between requests. */
function keptConnection(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    get: (path: string) =>
      new Promise<{ status: number | undefined; connection: string | undefined; reused: boolean }>(
        (resolve, reject) => {
          const sent = request(`${url}${path}`, { agent }, (response: IncomingMessage) => {
            response.resume().on('end', () => {
              const { statusCode: status, headers } = response;
              resolve({ status, connection: headers.connection, reused: sent.reusedSocket });
            });
          });
          sent.on('error', reject).end();
        },
      ),
  };
}

test('open connections are answered with "Connection: close" during SHUTDOWN_DELAY, while /readyz answers 503', async () => {
  const { url, process } = await serve({ SHUTDOWN_DELAY: '3s' });
  const connections = Array.from({ length: 10 }, () => keptConnection(url));
  for (const { get } of connections)
    expect(await get('/livez')).toEqual({ status: 200, connection: 'keep-alive', reused: false });
  process.send('SIGTERM');
  await drains(process);
  const [first, ...others] = connections;
  expect(await first?.get('/readyz')).toEqual({ status: 503, connection: 'close', reused: true });
  for (const { get } of others) {
    expect(await get('/livez')).toEqual({ status: 200, connection: 'close', reused: true });
    // The listener is still open: a new connection replaces a closed one.
    expect(await get('/livez')).toEqual({ status: 200, connection: 'close', reused: false });
  }
  expect(await process.endsWithin(12_000)).toMatchObject({ code: 0, stderr: '' });
  for (const { close } of connections) close();
});

test('a second SIGINT two seconds after the first ends the process at once and stops PostgreSQL', async () => {
  const { process, databasePid } = await serve({ SHUTDOWN_DELAY: '5m' });
  const startedAt = performance.now();
  process.send('SIGINT');
  await drains(process);
  let hasEnded = false;
  void process.ended.then(() => {
    hasEnded = true;
  });
  await until(
    'the end after an insisting SIGINT',
    () => {
      if (!hasEnded) process.send('SIGINT');
      return hasEnded;
    },
    15_000,
  );
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  expect((await process.ended).code).toBe(130);
  await expectDatabaseStopped(databasePid);
});
