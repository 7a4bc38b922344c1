/** Events between two instances with one Redis: announced at once, and without Redis found by polling. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockoutOff, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { type OpenStream, openStream, securityEvents, sessionEvents } from '../support/gateway/streams.ts';
import { LogoutDocument, UpdateProfileDocument } from '../support/generated/graphql.ts';
import { createPerson, type Person } from '../support/people/person.ts';
import { until } from '../support/races/until.ts';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.ts';

/** From the change to a client of the other instance. */
const promisedMs = 1000;
/** Polls alone would take 250 ms in the middle. */
const announcedMs = 150;
const rounds = 21;

let redis: RedisServer;
let first: TestGateway;
let second: TestGateway;
// The first run on a machine without Redis downloads it.
beforeAll(async () => {
  redis = await startRedisServer();
  const settings = { ...lockoutOff, REDIS_URL: redis.url };
  first = await startTestGateway(settings);
  second = await startTestGateway(settings, first);
}, 240_000);
afterAll(async () => {
  redis?.thaw();
  await second?.stop();
  await first?.stop();
  await redis?.stop();
});

const person = () => createPerson(first);
const open = (query: string, { accessToken }: Person) => openStream(second.url, { query }, accessToken);

/** The middle of the times from the answer of a change at one instance to its event at the other. */
async function delayBetweenInstances(): Promise<number> {
  const ada = await person();
  const stream = await open(securityEvents, ada);
  const delays: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await change(ada, round);
    const answeredAt = performance.now();
    await stream.message(round);
    delays.push(performance.now() - answeredAt);
  }
  stream.close();
  return delays.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? Number.POSITIVE_INFINITY;
}

function change({ accessToken }: Person, round: number) {
  return first.send(UpdateProfileDocument, { input: { displayName: `Ada ${round}` } }, accessToken);
}

async function expectEndInTime(stream: OpenStream, { accessToken }: Person): Promise<void> {
  await first.send(LogoutDocument, { input: {} }, accessToken);
  await stream.ended(promisedMs);
  expect(stream.messages.map(({ event }) => event)).toEqual(['next', 'complete']);
}

test('a change at one instance wakes the streams of the other', async () => {
  await until('Redis announces', async () => (await delayBetweenInstances()) < announcedMs);
});

test.each([
  ['stopped', () => redis.stop(), () => redis.start()],
  ['silent', async () => redis.freeze(), async () => redis.thaw()],
])('while Redis is %s, streams end in time, and afterwards changes are announced again', async (_what, begin, end) => {
  const before = await person();
  const opened = await open(sessionEvents, before);
  await begin();
  await expectEndInTime(opened, before);
  const during = await person();
  await expectEndInTime(await open(sessionEvents, during), during);
  await end();
  await until('Redis announces again', async () => (await delayBetweenInstances()) < announcedMs, 20_000);
});

test('a Redis that refuses the channel is reported, and streams end in time', async () => {
  await redis.command('ACL SETUSER default resetchannels');
  const refused = await startTestGateway({ ...lockoutOff, REDIS_URL: redis.url }, first);
  try {
    await until('the report', () => refused.logs.some((line) => line.includes('Redis refuses to announce events')));
    const ada = await person();
    await expectEndInTime(await openStream(refused.url, { query: sessionEvents }, ada.accessToken), ada);
  } finally {
    await refused.stop();
    await redis.command('ACL SETUSER default allchannels');
  }
});
