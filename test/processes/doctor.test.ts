/** `postern doctor` against real servers: healthy ones, wrong ones, and servers that never answer. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { type MailServer, startMailServer } from '../support/mail/mail-server.ts';
import { startStallingMailServer } from '../support/mail/stalling-mail-server.ts';
import { writeProviders } from '../support/people/federated.ts';
import { insertEntry } from '../support/people/partitions.ts';
import { clockAheadBy } from '../support/processes/clock.ts';
import { mountNamespace } from '../support/processes/mount-namespace.ts';
import { createProcessRunner, mainFile } from '../support/processes/processes.ts';
import { startPgBouncer } from '../support/proxies/pgbouncer.ts';
import { startTcpProxy } from '../support/proxies/tcp-proxy.ts';
import { until } from '../support/races/until.ts';
import { startFakeProvider } from '../support/servers/fake-provider.ts';
import { freePort, portOf } from '../support/servers/free-port.ts';
import { startPostgresPair } from '../support/servers/postgres-pair.ts';
import { startRedisCluster, startSentinelGroup } from '../support/servers/redis-groups.ts';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.ts';
import { asSuperuser } from '../support/servers/tls-database.ts';
import { startTwilioServer } from '../support/servers/twilio-server.ts';

// Each process takes a second or two to load, and on a busy machine more than ten.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const runner = createProcessRunner();
const closers: (() => Promise<unknown>)[] = [];
let database: TestDatabase;
let mail: MailServer;
let redis: RedisServer;
beforeEach(async () => {
  [database, mail, redis] = await Promise.all([createTestDatabase(), startMailServer(), startRedisServer()]);
});
afterEach(async () => {
  await runner.clear();
  for (const close of closers.splice(0).reverse()) await close();
  await Promise.all([database.drop(), mail.stop(), redis.stop()]);
});

interface Report {
  ok: boolean;
  findings: { name: string; state: string; finding: string; remedy: string | null }[];
}

function production(settings: Record<string, string> = {}): Record<string, string> {
  return {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    SMTP_URL: mail.url,
    MAIL_FROM: 'no-reply@example.com',
    PUBLIC_URL: 'http://127.0.0.1:1',
    SECRET: testSecret,
    ...settings,
  };
}

async function doctor(env: Record<string, string>, args: readonly string[] = []) {
  const { code, stdout, stderr } = await runner.run(['doctor', '--json', ...args], { env });
  expect(stderr).toBe('');
  const report: Report = JSON.parse(stdout);
  expect(report.ok).toBe(code === 0);
  return { code, stdout, findings: report.findings };
}

const statesOf = ({ findings }: { findings: Report['findings'] }) =>
  findings.map(({ state, name, finding, remedy }) => [state, name, finding, remedy].join(' '));

/** A gateway in production, as a process. @returns its settings */
async function serve(settings: Record<string, string> = {}): Promise<Record<string, string>> {
  const port = await freePort();
  const env = production({ HOST: '127.0.0.1', PORT: `${port}`, PUBLIC_URL: `http://127.0.0.1:${port}`, ...settings });
  await runner.start(['serve'], { env }).says('"listening"');
  return env;
}

const names = [
  'settings',
  'public-url',
  'database',
  'redis',
  'smtp',
  'sms',
  'clock',
  'keys',
  'audit',
  'queues',
  'proxies',
  'providers',
  'locations',
  'captcha',
  'hooks',
];
/** Mails, events and deliveries. */
const fine = names.flatMap((name) => (name === 'queues' ? [name, name, name] : [name]));

test('an identity provider that cannot be used is named', async () => {
  const provider = await startFakeProvider();
  const common = { kind: 'OIDC', displayName: 'Example', clientId: 'id', clientSecret: 'client-secret' };
  const file = await writeProviders([
    { ...common, slug: 'good', issuer: provider.url },
    { ...common, slug: 'dead', issuer: `http://127.0.0.1:${await freePort()}` },
  ]);
  const env = production({ FEDERATED_PROVIDERS: file.path, OUTBOUND_ALLOW: '127.0.0.1' });
  const result = await doctor(env, ['--only', 'providers']);
  await file.remove();
  await provider.stop();
  expect(statesOf(result)).toEqual([
    expect.stringMatching(
      /^fail providers dead cannot be used \(the call failed \(ECONNREFUSED\)\) correct its issuer/,
    ),
  ]);
  expect(result.code).toBe(1);
});

test('Twilio is asked whether it accepts the account', async () => {
  const twilio = await startTwilioServer();
  closers.push(() => twilio.stop());
  const env = production({ ...twilio.settings, OUTBOUND_ALLOW: '127.0.0.1' });
  expect(statesOf(await doctor(env, ['--only', 'sms']))).toEqual([
    expect.stringMatching(/^ok sms Twilio accepts the settings/),
  ]);
  const wrong = { ...env, TWILIO_AUTH_TOKEN: 'x'.repeat(32) };
  expect(statesOf(await doctor(wrong, ['--only', 'sms']))).toEqual([
    'fail sms Twilio cannot be used (401 20003) correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN',
  ]);
  expect(twilio.requests).toBe(0);
});

function untilSealed(): Promise<boolean> {
  return until('the seal of an entry', async () => (await database.query('select from audit_seals')).length > 0);
}

describe('a healthy gateway', () => {
  test('in production finds nothing wrong, and shows no secret', async () => {
    const metricsToken = 'Jd83hs-77aqPw02kZ';
    const env = await serve({ METRICS_TOKEN: metricsToken });
    const result = await doctor(env);
    expect(statesOf(result)).toEqual(fine.map((name) => expect.stringMatching(new RegExp(`^ok ${name} `))));
    expect(result.code).toBe(0);
    expect(result.stdout).toContain(`SECRET has ${testSecret.length} characters (the environment)`);
    const { password } = new URL(database.url);
    for (const secret of [testSecret, metricsToken, password]) expect(result.stdout).not.toContain(secret);
  });

  test('of a fresh folder finds nothing wrong, and prints lines', async () => {
    const cwd = await runner.folder();
    const env = { PORT: `${await freePort()}` };
    await runner.start(['serve'], { cwd, env }).says('Postern serves');
    const { code, stdout, stderr } = await runner.run(['doctor'], { cwd, env });
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toEqual(fine.map((name) => expect.stringMatching(new RegExp(`^ok    ${name} `))));
    expect(code).toBe(0);
  });

  test('sends a test mail to the address of --mail-to', async () => {
    const result = await doctor(production(), ['--only', 'smtp', '--mail-to', 'operator@example.com']);
    expect(statesOf(result)).toEqual(['ok smtp accepted the test mail ']);
    expect((await mail.take('operator@example.com')).subject).toBe('Test mail of Postern');
  });
});

describe('a fault', () => {
  test('of the mail server does not hide the others, and the line names the remedy', async () => {
    const env = { ...(await serve()), SMTP_URL: `smtp://user:pass-word-77@127.0.0.1:${await freePort()}` };
    const { code, stdout } = await runner.run(['doctor'], { env });
    expect(code).toBe(1);
    const lines = stdout.split('\n').filter((line) => !line.startsWith('ok'));
    expect(lines).toEqual([
      expect.stringMatching(/^fail {2}smtp .*ECONNREFUSED.*: start the mail server, or correct SMTP_URL$/),
      '',
    ]);
    expect(stdout).not.toContain('pass-word-77');
  });

  test('of the settings is reported for each setting, with exit 1 and without the value', async () => {
    const SECRET = 'hunter2-hunter2-hunter2';
    const result = await doctor(production({ SECRET, PORT: 'many' }));
    expect(result.code).toBe(1);
    expect(statesOf(result)).toEqual([
      expect.stringMatching(/^fail settings PORT is not valid use a whole number/),
      expect.stringMatching(/^fail settings SECRET is not valid use at least 32 random bytes/),
    ]);
    expect(result.stdout).not.toContain(SECRET);
  });

  test('of networks, proxies and misspelt settings is reported', async () => {
    const wide = production({ TRUSTED_PROXIES: '0.0.0.0/0', REDIS_ULR: 'x' });
    expect(statesOf(await doctor(wide, ['--only', 'settings']))).toEqual([
      expect.stringMatching(/^warn settings REDIS_ULR .*REDIS_URL/),
      expect.stringMatching(/^fail settings TRUSTED_PROXIES trusts 0\.0\.0\.0\/0/),
    ]);
    const proxies = await doctor(production({ PUBLIC_URL: 'https://auth.example.com' }), ['--only', 'proxies']);
    expect([proxies.code, ...statesOf(proxies)]).toEqual([
      0,
      expect.stringMatching(/^warn proxies .* set TRUSTED_PROXIES/),
    ]);
  });

  test('of Redis is reported: an evicting one, a replica, a wrong password', async () => {
    const redisCheck = async (url = redis.url) =>
      statesOf(await doctor(production({ REDIS_URL: url }), ['--only', 'redis']));
    await redis.command('CONFIG SET maxmemory-policy allkeys-lru');
    expect(await redisCheck()).toEqual([expect.stringMatching(/^fail redis .*allkeys-lru.* noeviction/)]);
    await redis.command('REPLICAOF 127.0.0.1 1');
    expect(await redisCheck()).toEqual([expect.stringMatching(/^fail redis .*READONLY.*master/)]);
    await redis.command('REPLICAOF NO ONE');
    await redis.command('CONFIG SET requirepass right');
    const wrong = redis.url.replace('redis://', 'redis://:wrong-77@');
    expect(await redisCheck(wrong)).toEqual([expect.stringMatching(/^fail redis .*WRONGPASS.*password/)]);
  });

  test('of a group of Redis servers is reported: a wrong name of the master, a cluster that is down', async () => {
    const redisCheck = async (REDIS_URL: string) =>
      statesOf(await doctor(production({ REDIS_URL }), ['--only', 'redis']));
    const sentinels = await startSentinelGroup();
    closers.push(() => sentinels.stop());
    expect(await redisCheck(sentinels.url)).toEqual(['ok redis counts (master, noeviction) ']);
    expect(await redisCheck(sentinels.url.replace(/postern$/, 'other'))).toEqual([
      expect.stringMatching(/^fail redis stores no count \(.+\) start Redis, or correct REDIS_URL/),
    ]);
    const cluster = await startRedisCluster();
    expect(await redisCheck(cluster.url)).toEqual(['ok redis counts (master, noeviction) ']);
    await cluster.stop();
    expect(await redisCheck(cluster.url)).toEqual([
      expect.stringMatching(/^fail redis stores no count \(.+\) start Redis, or correct REDIS_URL/),
    ]);
  });

  test('of keys, trail and queue is reported', async () => {
    const env = await serve();
    await untilSealed();
    await database.query("update signing_keys set activated_at = now() - interval '40 days' where state = 'active'");
    await database.query(
      `insert into outbox_mails (id, kind, recipient_hash, content_sealed, state, attempts, created_at, next_attempt_at)
       values (gen_random_uuid(), 'password_reset', '\\x00', '\\x00', 'pending', 0, now() - interval '1 hour', now() + interval '1 day')`,
    );
    await database.query('alter table audit_entries disable trigger all');
    await database.query("update audit_entries set action = 'user.created' where action = 'signing_key.created'");
    const reported = statesOf(await doctor(env));
    expect(reported.filter((line) => !line.startsWith('ok'))).toEqual([
      expect.stringMatching(/^fail keys the rotation of the signing key is overdue by 2\d\d hours/),
      expect.stringMatching(/^fail keys SECRET does not open 1 of 1 pending mails set SECRET_PREVIOUS/),
      expect.stringMatching(/^fail audit Entry .* differs from its sealed state/),
      expect.stringMatching(/^fail queues the oldest mail waits for 60 minutes/),
    ]);
  });

  test('of the sealing is reported: an entry that has waited for more than five minutes', async () => {
    await insertEntry(database, new Date(Date.now() - 6 * 60_000));
    expect(statesOf(await doctor(production(), ['--only', 'audit']))).toEqual([
      expect.stringMatching(
        /^fail audit \d+ entr(?:y is|ies are) not sealed, the oldest for 6 minutes start a gateway/,
      ),
    ]);
  });

  test.each([
    [60, /^fail clock is 60 s ahead of the database run NTP/],
    [-60, /^fail clock is 60 s behind the database run NTP/],
    [1, /^ok clock agrees with the database/],
  ])('of the clock of this machine is reported: %i s from the database', async (seconds, reported) => {
    const result = await doctor(production(clockAheadBy(seconds)), ['--only', 'clock']);
    expect(statesOf(result)).toEqual([expect.stringMatching(reported)]);
  });

  test('of SECRET is reported as values that do not open', async () => {
    const env = await serve();
    await untilSealed();
    const SECRET = 'qP1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';
    expect(statesOf(await doctor({ ...env, SECRET }, ['--only', 'keys']))).toEqual([
      expect.stringMatching(/^fail keys SECRET does not open 2 of 2 signing keys/),
      expect.stringMatching(/^fail keys SECRET does not open 1 of 1 audit keys/),
    ]);
  });
});

describe('PUBLIC_URL', () => {
  /** A server with a certificate of two days, in place of proxy and gateway. */
  async function startTlsServer(jwks: object, date: Date): Promise<{ url: string; ca: string }> {
    const folder = await runner.folder();
    const file = (name: string) => join(folder, name);
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...[
        '-keyout',
        file('key'),
        '-out',
        file('cert'),
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
      ],
    ]);
    const options = { key: await readFile(file('key')), cert: await readFile(file('cert')) };
    const server: Server = createServer(options, (request, response) => {
      response.setHeader('date', date.toUTCString());
      response.end(request.url === '/livez' ? 'ok\n' : JSON.stringify(jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(async () => server.close());
    return { url: `https://localhost:${portOf(server)}`, ca: file('cert') };
  }

  test('has a certificate that ends soon, the keys of another gateway and a wrong clock', async () => {
    const env = await serve();
    const { url, ca } = await startTlsServer({ keys: [{ kid: 'other' }] }, new Date(Date.now() - 60_000));
    const wrong = { ...env, PUBLIC_URL: url, NODE_EXTRA_CA_CERTS: ca };
    expect(statesOf(await doctor(wrong)).filter((line) => !line.startsWith('ok'))).toEqual([
      expect.stringMatching(/^fail public-url the certificate ends on \d{4}-\d\d-\d\d renew/),
      expect.stringMatching(/^fail public-url .* publishes other signing keys than this database has/),
      expect.stringMatching(/^fail clock is 6\d s ahead of PUBLIC_URL run NTP/),
      expect.stringMatching(/^warn proxies /),
    ]);
    expect(statesOf(await doctor({ ...env, PUBLIC_URL: url }, ['--only', 'public-url']))).toEqual([
      expect.stringMatching(/^fail public-url .*DEPTH_ZERO_SELF_SIGNED_CERT.*certificate.*trust/),
    ]);
  });

  test('leads to another server', async () => {
    const { port } = new URL(mail.url);
    const result = await doctor(production({ PUBLIC_URL: `http://127.0.0.1:${port}` }), ['--only', 'public-url']);
    expect(statesOf(result)).toEqual([expect.stringMatching(/^fail public-url .*correct PUBLIC_URL$/)]);
  });
});

describe('the database', () => {
  const databaseDoctor = (env: Record<string, string>) => runner.run(['doctor', 'database'], { env });

  test('behind a pooler without settings of the role has the SQL that corrects it', async () => {
    const pooler = await startPgBouncer(database.url, 'transaction');
    closers.push(() => pooler.stop());
    const settings = { DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: database.url };
    const env = production({ DATABASE_URL: pooler.url, ...settings });
    const before = await databaseDoctor(env);
    expect([before.code, before.stderr]).toEqual([1, '']);
    expect(before.stdout).toMatch(/^-- fail .*lacks .*statement_timeout/m);
    expect(before.stdout).toMatch(/^alter role postern in database test_\w+ set statement_timeout = '5000ms';$/m);
    await database.query(before.stdout);
    await pooler.stop();
    const again = await startPgBouncer(database.url, 'transaction');
    closers.push(() => again.stop());
    const after = await databaseDoctor({ ...env, DATABASE_URL: again.url });
    expect(after).toMatchObject({ code: 0, stdout: expect.stringMatching(/^-- ok .*behind a transaction pooler/) });
  });

  test('behind a pooler that DATABASE_POOLER does not name is reported', async () => {
    const pooler = await startPgBouncer(database.url, 'transaction');
    closers.push(() => pooler.stop());
    const { code, stdout } = await databaseDoctor(production({ DATABASE_URL: pooler.url }));
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^-- fail .*set DATABASE_POOLER=transaction/m)]);
  });

  test('with a superuser, tables of another role and pending migrations is reported with SQL', async () => {
    await database.query('delete from schema_migrations where name = (select max(name) from schema_migrations)');
    const superuser = new URL(database.url);
    superuser.username = 'postgres';
    const { stdout } = await databaseDoctor(production({ DATABASE_URL: superuser.href }));
    expect(stdout).toMatch(/^-- warn .*postgres is a superuser/m);
    expect(stdout).toContain('alter role postgres nosuperuser;');
    expect(stdout).toMatch(/^-- fail .*1 migration is pending: run "postern migrate"$/m);
    await asSuperuser(async (query) => {
      await query(`create role doctor_test login password '${superuser.password}'`);
    });
    closers.push(() => asSuperuser(async (query) => void (await query('drop role doctor_test'))));
    const other = new URL(database.url);
    other.username = 'doctor_test';
    const otherReport = await databaseDoctor(production({ DATABASE_URL: other.href }));
    expect(otherReport.stdout).toMatch(/^reassign owned by postern to doctor_test;$/m);
    expect(otherReport.stdout).toMatch(/^grant usage, create on schema public to doctor_test;$/m);
    expect(otherReport.code).toBe(1);
  });

  test('has a standby that is close, absent, paused, or a primary', async () => {
    const pair = await startPostgresPair({ synchronous: false });
    closers.push(() => pair.stop());
    const env = production({ DATABASE_URL: pair.url([pair.primary]) });
    expect((await runner.run(['migrate'], { env })).code).toBe(0);
    const reportOf = async (url: string) => (await databaseDoctor({ ...env, DATABASE_READ_URL: url })).stdout;
    const standby = pair.url([pair.standby]);
    expect(await reportOf(standby)).toMatch(/^-- ok .*a standby that is close/);
    expect(await reportOf(pair.url([pair.primary]))).toMatch(/^-- warn .*DATABASE_READ_URL leads to a primary/);
    await pair.standby.query('select pg_wal_replay_pause()');
    await pair.primary.query('create table written_after (id int)');
    expect(await reportOf(standby)).toMatch(/^-- warn .*does not catch up/);
    await pair.standby.kill();
    expect(await reportOf(standby)).toMatch(/^-- fail .*DATABASE_READ_URL does not answer/);
  });

  test('without a partition for the current time is reported', async () => {
    const partitions = await database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where inhparent = 'outbox_mails'::regclass and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'`,
    );
    for (const { name } of partitions) await database.query(`drop table ${name}`);
    const { code, stdout } = await databaseDoctor(production());
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^-- fail .*outbox_mails.*postern partitions create/)]);
  });

  test('that is empty has pending migrations, and other checks say that they depend on it', async () => {
    const empty = await createTestDatabase({ empty: true });
    closers.push(() => empty.drop());
    const lines = statesOf(await doctor(production({ DATABASE_URL: empty.url })));
    expect(lines).toContainEqual(
      expect.stringMatching(/^fail database \d+ migrations are pending run "postern migrate"$/),
    );
    expect(lines.filter((line) => line.includes('not checked correct "database" first'))).toHaveLength(3);
  });
});

/** Milliseconds. */
const limitMs = 15_000;

/** @param program starts the executable in its own way */
async function expectEndInTime(
  env: Record<string, string>,
  { program = [] }: { program?: string[] } = {},
): Promise<Report['findings']> {
  const [node = process.execPath, main = mainFile, ...rest] = program;
  const startedAt = performance.now();
  const { code, stdout } = await runner.run([...rest, 'doctor', '--json'], { env, node, main });
  expect(performance.now() - startedAt).toBeLessThan(limitMs);
  expect(code).toBe(1);
  const { findings }: Report = JSON.parse(stdout);
  expect(new Set(findings.map(({ name }) => name))).toEqual(new Set(names));
  return findings;
}

test('servers that never answer end within 15 seconds, with valid JSON', async () => {
  const frozen = await startTcpProxy(database.url);
  frozen.freeze();
  closers.push(() => frozen.close());
  redis.freeze();
  closers.push(async () => redis.thaw());
  const stalling = await startStallingMailServer((stage) => stage === 'connection');
  closers.push(() => stalling.stop());
  const findings = await expectEndInTime(
    production({
      DATABASE_URL: frozen.url,
      SMTP_URL: stalling.url,
      PUBLIC_URL: stalling.url.replace('smtp:', 'http:'),
    }),
  );
  const failed = findings.filter(({ state }) => state === 'fail').map(({ name }) => name);
  expect(failed).toEqual(['public-url', 'database', 'redis', 'smtp']);
});

test('name servers that never answer end within 15 seconds', async () => {
  const resolver = join(await runner.folder(), 'resolv.conf');
  // TEST-NET-1 (RFC 5737): no host has these addresses. Without a bound, glibc tries the three for 28 seconds.
  await writeFile(resolver, 'nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n');
  const { username, password, pathname } = new URL(database.url);
  const env = production({
    DATABASE_URL: `postgresql://${username}:${password}@db.example.com${pathname}`,
    REDIS_URL: 'redis://redis.example.com',
    SMTP_URL: 'smtps://mail.example.com',
    PUBLIC_URL: 'https://auth.example.com',
  });
  const script = `mount --bind ${resolver} /etc/resolv.conf && exec ${process.execPath} ${mainFile} "$@"`;
  // Only this process sees the file.
  const program = [...(await mountNamespace()), 'sh', '-c', script, 'sh'];
  const findings = await expectEndInTime(env, { program });
  const failed = findings.filter(({ state }) => state === 'fail').map(({ name }) => name);
  expect(failed).toEqual(['public-url', 'database', 'redis', 'smtp']);
});
