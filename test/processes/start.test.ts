/**
 * `postern serve` without settings: what it starts, what it keeps, which process stops the database, and how it ends.
 */
import { once } from 'node:events';
import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { endpointAt, registerAt, signInAt, viewerAt } from '../support/gateway/endpoint.ts';
import { goodPassword } from '../support/gateway/gateway.ts';
import { FullLoginDocument, RegisterDocument } from '../support/generated/graphql.ts';
import {
  createProcessRunner,
  databaseLog,
  databaseProcess,
  isRunning,
  type RunningProcess,
} from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

const runner = createProcessRunner();
afterEach(() => runner.clear());
/** Orchestrators kill a process after thirty seconds, some after ten. */
const timeoutMs = 9_000;
const slow = { timeout: 120_000 };

/** Starts a gateway with an environment of its port and the given variables only. */
async function serve(cwd: string, env: Record<string, string> = {}) {
  const port = await freePort();
  const process = runner.start(['serve'], { cwd, env: { PORT: String(port), ...env } });
  return { port, process, door: endpointAt(port) };
}

async function serveReady(cwd: string, env: Record<string, string> = {}) {
  const gateway = await serve(cwd, env);
  await gateway.process.says('Postern serves');
  return gateway;
}

async function end(process: RunningProcess, signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<void> {
  process.send(signal);
  const { code, stderr } = await process.endsWithin(timeoutMs);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

async function expectStopped(cwd: string, databasePid: number | null): Promise<void> {
  expect(databasePid).not.toBeNull();
  // The file is removed a moment before the process exits.
  await until('the end of PostgreSQL', () => !isRunning(databasePid ?? 0), timeoutMs);
  await expect(stat(join(cwd, '.postern/postgres/postmaster.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
  const log = (await databaseLog(cwd)).trimEnd();
  expect(log.split('\n').at(-1)).toContain('database system is shut down');
}

test('a start in an empty folder without settings works, and its data survives a restart', slow, async () => {
  const cwd = await runner.folder();
  const first = await serveReady(cwd);
  const place = `http://localhost:${first.port}`;
  for (const line of [
    `Postern serves ${place}/graphql`,
    `Account        ${place}/account`,
    `Console        ${place}/console`,
    `Sandbox        ${place}/graphql`,
    `Mailbox        ${place}/dev/mailbox`,
    'Limits         no limit by source for 127.0.0.0/8, ::1/128',
  ]) {
    expect(first.process.stdout()).toContain(line);
  }
  expect(await first.door.read('/livez')).toBe('ok\n');
  expect(await first.door.read('/readyz')).toContain('database: ok');
  expect(await first.door.read('/graphql', { accept: 'text/html' })).toContain('<!doctype html>');

  const email = 'ada@example.com';
  await registerAt(first.door, email);
  await first.process.says(`Mail to ${email}`);
  const session = await signInAt(first.door, email);
  const keys = await first.door.read('/.well-known/jwks.json');
  expect(JSON.parse(keys).keys.length).toBeGreaterThan(0);
  const databasePid = await databaseProcess(cwd);
  await end(first.process, 'SIGTERM');
  await expectStopped(cwd, databasePid);

  const again = await runner.start(['serve'], { cwd, env: { PORT: String(first.port) } });
  await again.says('Postern serves');
  expect(await first.door.read('/.well-known/jwks.json')).toBe(keys);
  expect(await viewerAt(first.door, session.accessToken)).toMatchObject({ email });
  expect((await signInAt(first.door, email)).viewer.email).toBe(email);
  expect(await first.door.read('/dev/mailbox')).toContain(email);
  const secondPid = await databaseProcess(cwd);
  await end(again, 'SIGINT');
  await expectStopped(cwd, secondPid);
});

test('only the owner can read the secret and the password of the database', slow, async () => {
  const cwd = await runner.folder();
  await chmod(cwd, 0o755);
  const { process } = await serveReady(cwd);
  const files = await readdir(join(cwd, '.postern'), { recursive: true });
  const secrets = files.filter((file) => /(^|[/-])(secret|password)$/.test(file));
  expect(secrets).toHaveLength(2);
  for (const file of secrets) expect((await stat(join(cwd, '.postern', file))).mode & 0o077).toBe(0);
  await end(process);
});

test(
  'a second process in the folder shares the database and outlives the first; the last one stops it',
  slow,
  async () => {
    const cwd = await runner.folder();
    const first = await serveReady(cwd);
    const second = await serveReady(cwd);
    const shared = 'Database       shared with another running copy of this folder';
    expect(first.process.stdout()).not.toContain(shared);
    expect(second.process.stdout()).toContain(shared);
    const databasePid = await databaseProcess(cwd);
    const email = 'ada@example.com';
    await registerAt(first.door, email);
    expect((await signInAt(second.door, email)).viewer.email).toBe(email);
    expect(await second.door.read('/dev/mailbox')).toContain(email);

    await end(first.process);
    expect(await databaseProcess(cwd)).toBe(databasePid);
    const session = await signInAt(second.door, email);
    expect(await viewerAt(second.door, session.accessToken)).toMatchObject({ email });
    await end(second.process);
    await expectStopped(cwd, databasePid);
  },
);

test('a command beside a running gateway uses its database and leaves it running', slow, async () => {
  const cwd = await runner.folder();
  const { process, door: endpoint } = await serveReady(cwd);
  const databasePid = await databaseProcess(cwd);
  const created = await runner.run(
    ['users', 'create', '--email', 'ada@example.com', '--role', 'USER', '--password-stdin'],
    {
      cwd,
      input: `${goodPassword}\n`,
    },
  );
  expect(created).toMatchObject({ code: 0, stderr: '' });
  expect(await databaseProcess(cwd)).toBe(databasePid);
  expect((await signInAt(endpoint, 'ada@example.com')).viewer.email).toBe('ada@example.com');
  await end(process);
  await expectStopped(cwd, databasePid);
});

test(
  'a command without a gateway starts the database of the folder, stops it afterwards and names it',
  slow,
  async () => {
    const cwd = await runner.folder();
    await end((await serveReady(cwd)).process);
    const args = ['users', 'create', '--email', 'ada@example.com', '--role', 'SUPER_ADMIN'];
    const created = await runner.run(args, { cwd });
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(created.stdout).toMatch(
      /^Created ada@example\.com \([0-9a-f-]{36}\) in embedded database postern at 127\.0\.0\.1:\d+\.$/m,
    );
    expect(await databaseProcess(cwd)).toBeNull();
    expect(await databaseLog(cwd)).toContain('database system is shut down');
  },
);

test('processes that end together stop the database', slow, async () => {
  const cwd = await runner.folder();
  const copies = [await serveReady(cwd), await serveReady(cwd)];
  const databasePid = await databaseProcess(cwd);
  await Promise.all(copies.map(({ process }) => end(process)));
  await expectStopped(cwd, databasePid);
});

test('a folder with access for its owner only is accepted', slow, async () => {
  const cwd = await runner.folder();
  await chmod(cwd, 0o700);
  const { process, door: endpoint } = await serveReady(cwd);
  expect(await endpoint.read('/readyz')).toContain('database: ok');
  const databasePid = await databaseProcess(cwd);
  await end(process);
  await expectStopped(cwd, databasePid);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets a sign-in in flight finish', slow, async (signal) => {
  const cwd = await runner.folder();
  // A hash that takes long enough to be interrupted.
  const hard = { ARGON2_MEMORY_KIB: '65536', ARGON2_PASSES: '20', EMAIL_VERIFICATION: 'off' };
  const { process, door: endpoint } = await serveReady(cwd, hard);
  const email = 'ada@example.com';
  await endpoint.send(RegisterDocument, { input: { email, password: goodPassword } });
  const databasePid = await databaseProcess(cwd);

  let answered = false;
  const login = endpoint.send(FullLoginDocument, { input: { email, password: goodPassword } }).finally(() => {
    answered = true;
  });
  // A later request with a response shows that the earlier one has arrived.
  await endpoint.read('/readyz');
  expect(answered).toBe(false);
  await end(process, signal);
  expect((await login).login).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
  await expect(endpoint.read('/livez')).rejects.toThrow('fetch failed');
  await expectStopped(cwd, databasePid);
});

test.each([
  ['without a request', ''],
  ['with half of the headers', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n'],
  ['with half of a body', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{'],
])('an open connection %s does not keep a gateway from its end', slow, async (_what, sent) => {
  const { process: gateway, port } = await serveReady(await runner.folder());
  const socket = connect(port, '127.0.0.1', () => socket.write(sent));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  gateway.send('SIGTERM');
  // The longest operation takes ten seconds.
  expect(await gateway.endsWithin(timeoutMs + 10_000)).toMatchObject({ code: 0, stderr: '' });
  socket.destroy();
});

test.skipIf(process.platform !== 'linux')(
  'serve runs with the settings for memory, under the same process id',
  slow,
  async () => {
    const { process: gateway } = await serveReady(await runner.folder());
    const environment = (await readFile(`/proc/${gateway.pid}/environ`, 'utf8')).split('\0');
    expect(environment).toEqual(expect.arrayContaining(['MALLOC_ARENA_MAX=1', 'NODE_OPTIONS=--max-semi-space-size=8']));
    await end(gateway);
  },
);

test.skipIf(process.platform !== 'linux')('password hashes run with a lower priority than requests', slow, async () => {
  const { process: gateway } = await serveReady(await runner.folder());
  const folder = `/proc/${gateway.pid}/task`;
  const niceness = async (thread: string) => {
    const fields = (await readFile(`${folder}/${thread}/stat`, 'utf8')).split(') ')[1]?.split(' ');
    return Number(fields?.[16]);
  };
  const names = await Promise.all(
    (await readdir(folder)).map(async (thread) => ({
      name: (await readFile(`${folder}/${thread}/comm`, 'utf8')).trim(),
      nice: await niceness(thread),
    })),
  );
  const workers = names.filter(({ name }) => name === 'libuv-worker');
  expect(workers.length).toBeGreaterThanOrEqual(4);
  for (const { nice } of workers) expect(nice).toBe(10);
  expect(await niceness(String(gateway.pid))).toBe(0);
  await end(gateway);
});

test('two concurrent first starts in one empty folder both use one database', slow, async () => {
  const cwd = await runner.folder();
  const copies = await Promise.all([serve(cwd), serve(cwd)]);
  await Promise.all(copies.map(({ process }) => process.says('Postern serves')));
  const [first, second] = copies;
  const email = 'ada@example.com';
  await registerAt(first.door, email);
  expect((await signInAt(second.door, email)).viewer.email).toBe(email);
  expect(await second.door.read('/.well-known/jwks.json')).toBe(await first.door.read('/.well-known/jwks.json'));
});

test.each([
  ['thrown', 'throw new RangeError("planted in a crash")'],
  ['rejected', 'Promise.reject(new RangeError("planted in a crash"))'],
])('an uncaught error (%s) ends the process with a line that quotes nothing', slow, async (_how, crash) => {
  const program = encodeURIComponent(`process.once("SIGUSR2", () => { ${crash}; })`);
  const { process } = await serveReady(await runner.folder(), {
    NODE_OPTIONS: `--import=data:text/javascript,${program}`,
  });
  process.send('SIGUSR2');
  const { code, stdout, stderr } = await process.endsWithin(timeoutMs);
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ level: 60, error: 'RangeError', at: expect.any(Array) });
  expect(stdout + stderr).not.toContain('planted in a crash');
});
