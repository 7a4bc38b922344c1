/** Open streams while PostgreSQL is down: they stay for a minute, and lose nothing when it returns before. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import {
  bearer,
  lockoutOff,
  registerUser,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { openStream, sessionEvents } from '../support/gateway/streams.ts';
import { startTcpProxy, type TcpProxy } from '../support/proxies/tcp-proxy.ts';
import { until } from '../support/races/until.ts';

const metricsToken = 'metrics-token-0123456789';

let database: TestDatabase;
let proxy: TcpProxy;
let gateway: TestGateway;
/** How much later the monotonic clock of the gateway is. */
let aheadMs = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  gateway = await startTestGateway({ ...lockoutOff, DATABASE_URL: proxy.url, METRICS_TOKEN: metricsToken });
});
afterAll(async () => {
  await proxy?.restore();
  await gateway?.stop();
  await proxy?.close();
  await database?.drop();
});
beforeEach(() => {
  aheadMs = 0;
  const { now } = performance;
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + aheadMs);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await proxy.restore();
});

const open = ({ accessToken }: { accessToken: string }) =>
  openStream(gateway.url, { query: sessionEvents }, accessToken);

async function newSession(): Promise<SignedIn> {
  return signIn(gateway, await registerUser(gateway));
}

async function streamsEnded(reason: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`, { headers: bearer(metricsToken) })).text();
  return Number(new RegExp(`^postern_stream_ends_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** The end of the session, by another instance that reaches the database. */
function endSession(id: string) {
  return database.query(
    `with ended as (update token_families set revoked_at = $2, revoked_reason = 'logout' where id = $1 returning id, user_id)
     insert into events (id, type, occurred_at, user_id, session_id, data)
     select gen_random_uuid(), 'SESSION_ENDED', $2, user_id, id, '{"reason":"logout"}' from ended`,
    [id, gateway.clock.now()],
  );
}

test.each([
  ['refuses connections', () => proxy.cut()],
  ['does not answer', async () => proxy.freeze()],
])(
  'a stream stays open for a minute while the database %s, with comments, and is then completed',
  async (_what, begin) => {
    const stream = await open(await newSession());
    const before = await streamsEnded('database');
    await begin();
    for (const seconds of [13, 26, 39, 52]) {
      const comments = stream.comments();
      aheadMs = seconds * 1000;
      await until('the next comment', () => stream.comments() > comments);
    }
    expect(stream.messages).toEqual([]);
    aheadMs = 61_000;
    await stream.ended();
    expect(stream.messages.map(({ event }) => event)).toEqual(['complete']);
    expect(await streamsEnded('database')).toBe(before + 1);
  },
);

test('a session that ends in a shorter outage ends its stream when the database returns', async () => {
  const person = await newSession();
  const stream = await open(person);
  await proxy.cut();
  await endSession(person.session.id);
  aheadMs = 45_000;
  await proxy.restore();
  await stream.ended();
  expect(stream.messages.map(({ data, event }) => Object(data?.sessionEvents).reason ?? event)).toEqual([
    'SIGNED_OUT',
    'complete',
  ]);
});
