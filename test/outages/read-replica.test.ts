/** Lists from a standby: stale within the limit, fresh after an own change, and from the primary without the standby. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bearer,
  goodPassword,
  newAddress,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { RegisterDocument, SuspendUserDocument, UsersDocument } from '../support/generated/graphql.ts';
import { lockoutAndVerificationOff } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';
import { type PostgresPair, startPostgresPair } from '../support/servers/postgres-pair.ts';

const token = 'a-token-of-this-test';
let pair: PostgresPair;
let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  pair = await startPostgresPair({ synchronous: false });
}, 240_000);
afterAll(() => pair?.stop());

async function start(lag: string): Promise<void> {
  gateway = await startTestGateway({
    DATABASE_URL: pair.url([pair.primary]),
    DATABASE_READ_URL: pair.url([pair.standby]),
    DATABASE_READ_MAX_LAG: lag,
    METRICS_TOKEN: token,
    ...lockoutAndVerificationOff,
  });
  const email = await register();
  await pair.primary.query(`update users set role_name = 'SUPER_ADMIN' where email = '${email}'`, 'postern');
  admin = (await signIn(gateway, email)).accessToken;
  await untilReplica('ok');
  // The sign-in is a recent change of the caller.
  gateway.clock.travel(6);
}

async function register(): Promise<string> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return email;
}

async function newest() {
  const { users } = await gateway.send(UsersDocument, { first: 1 }, admin);
  return users.nodes[0];
}

const replicaLine = async () => /^replica: .*$/m.exec(await (await fetch(`${gateway.url}/readyz`)).text())?.[0] ?? '';
const untilReplica = (word: string) =>
  until(`the replica is ${word}`, async () => (await replicaLine()).includes(word));
const metrics = async () => (await fetch(`${gateway.url}/metrics`, { headers: bearer(token) })).text();
const pause = () => pair.standby.query('select pg_wal_replay_pause()');
const resume = () => pair.standby.query('select pg_wal_replay_resume()');

describe('a standby within the limit', () => {
  beforeEach(() => start('60s'), 60_000);
  afterEach(async () => {
    await resume();
    await gateway.stop();
  });

  test('serves lists, except within five seconds after a change of the same caller', async () => {
    const first = await register();
    await until('the standby has the user', async () => (await newest())?.email === first);
    await pause();
    const second = await register();
    expect((await newest())?.email).toBe(first);
    const { users } = await gateway.send(UsersDocument, { first: 2 }, admin);
    const id = users.nodes[0]?.id ?? '';
    await gateway.send(SuspendUserDocument, { input: { userId: id, reason: 'a test' } }, admin);
    const { users: fresh } = await gateway.send(UsersDocument, { first: 2 }, admin);
    expect(fresh.nodes.map(({ email, status }) => [email, status])).toEqual([
      [second, 'ACTIVE'],
      [first, 'SUSPENDED'],
    ]);
    gateway.clock.travel(6);
    expect((await newest())?.email).toBe(first);
    expect(await metrics()).toMatch(/^postern_replica_lag_seconds \d/m);
  });
});

describe('a standby above the limit', () => {
  beforeEach(() => start('1s'), 60_000);
  afterEach(() => gateway.stop());

  test('serves nothing, and serves again after it has caught up', async () => {
    await pause();
    const email = await register();
    await untilReplica('degraded (lagging');
    expect((await newest())?.email).toBe(email);
    await resume();
    await untilReplica('ok');
  });

  test('that is gone is replaced by the primary', async () => {
    const email = await register();
    await pair.standby.kill();
    expect((await newest())?.email).toBe(email);
    await untilReplica('degraded (absent');
    expect((await newest())?.email).toBe(email);
    expect(await metrics()).not.toMatch(/^postern_replica_lag_seconds /m);
    await pair.standby.start();
    await untilReplica('ok');
  });
});
