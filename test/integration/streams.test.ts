/** Subscriptions at `/graphql/stream`: who may open one, what each of them receives, and what ends it. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, lockoutOff } from '../support/gateway/gateway.ts';
import { adminEvents, openStream, securityEvents, sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  LogoutDocument,
  RevokeSessionDocument,
  SetUserRoleDocument,
  SuspendUserDocument,
  UpdateRoleDocument,
} from '../support/generated/graphql.ts';
import { createApiKey } from '../support/people/api-keys.ts';
import { insertRole, registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';

/** Of each event, from the change to the client. */
const promisedMs = 1000;

const metricsToken = 'metrics-token-0123456789';
const gateway = useGateway({
  ...lockoutOff,
  STREAMS_PER_SESSION: '3',
  STREAMS_PER_USER: '4',
  METRICS_TOKEN: metricsToken,
});
const open = (query: string, token: string | null, variables?: object, headers?: Record<string, string>) =>
  openStream(gateway.url, { query, ...(variables && { variables }) }, token, headers);
const metrics = async () => (await fetch(`${gateway.url}/metrics`, { headers: bearer(metricsToken) })).text();
const streamsEnded = async (reason: string) =>
  Number(new RegExp(`^postern_stream_ends_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(await metrics())?.[1] ?? 0);
const openFor = ({ accessToken }: { accessToken: string }) => open(sessionEvents, accessToken);

describe('the request', () => {
  test('is answered by an unbuffered, uncompressed and uncached stream', async () => {
    const stream = await openFor(await gateway.person());
    expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(stream.headers['x-accel-buffering']).toBe('no');
    expect(stream.headers['cache-control']).toBe('no-store');
    expect(stream.headers['content-encoding']).toBeUndefined();
    expect(stream.headers['x-content-type-options']).toBe('nosniff');
    stream.close();
  });

  test('without a token is 401 in JSON', async () => {
    const stream = await open(sessionEvents, null);
    expect([stream.status, stream.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(JSON.parse(stream.text).errors[0].extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'NO_CREDENTIALS',
    });
  });

  test('of a program is refused', async () => {
    const { accessToken } = await gateway.person();
    const { key } = await createApiKey(gateway, accessToken);
    const stream = await open(sessionEvents, key);
    expect(stream.status).toBe(403);
    expect(JSON.parse(stream.text).errors[0].extensions.reason).toBe('MACHINE_NOT_ALLOWED');
  });

  test('without the permission is refused, and audited as a denied call', async () => {
    const { accessToken, viewer } = await gateway.person();
    const stream = await open(adminEvents, accessToken);
    expect(stream.status).toBe(403);
    expect(JSON.parse(stream.text).errors[0].extensions).toMatchObject({ requiredPermission: 'audit:read' });
    const statement = `select details->>'operation' as operation from audit_entries where action = 'access.denied' and actor_id = $1`;
    expect(await gateway.database.query(statement, [viewer.id])).toEqual([{ operation: 'Subscription.adminEvents' }]);
  });

  test.each([
    [
      'a query',
      '{ viewer { id } }',
      'This endpoint executes subscriptions only. Send queries and mutations to /graphql.',
    ],
    ['a mutation', 'mutation { logout(input: {}) { revoked } }', 'This endpoint executes subscriptions only.'],
    ['two fields', 'subscription { sessionEvents { __typename } securityEvents { id } }', 'does not match'],
    ['an unknown field', 'subscription { nothing }', 'Cannot query field'],
    ['no GraphQL', 'subscription {', 'not valid GraphQL'],
    ['a deep document', `subscription { adminEvents { actor { ${'id '.repeat(31)} } } }`, 'more than 30 times'],
    ['introspection', 'subscription { __typename }', 'does not match'],
  ])('with %s is 400', async (_what, query, message) => {
    const { accessToken } = await gateway.person();
    const stream = await open(query, accessToken);
    expect(stream.status).toBe(400);
    expect(stream.text).toContain(message);
  });

  test.each([
    ['an unknown event type', { types: ['NOTHING'] }],
    ['variables of the wrong form', [1]],
  ])('with %s is 400', async (_what, variables) => {
    const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
    expect((await open(adminEvents, accessToken, variables)).status).toBe(400);
  });

  test('with another media type is 406, and another method 405', async () => {
    const { accessToken } = await gateway.person();
    expect((await open(sessionEvents, accessToken, undefined, { accept: 'application/json' })).status).toBe(406);
    const answer = await answerOf(fetch(`${gateway.url}/graphql/stream`, { headers: bearer(accessToken) }));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('at /graphql is refused: subscriptions have an endpoint of their own', async () => {
    const { accessToken } = await gateway.person();
    const answer = await answerOf(gateway.post({ query: sessionEvents }, bearer(accessToken)));
    expect(errorOf(answer).message).toBe('Send subscriptions to /graphql/stream.');
  });

  test('beyond the streams of a session or of a user is 429', async () => {
    const person = await gateway.person();
    const streams = [await openFor(person), await openFor(person), await openFor(person)];
    const refused = await openFor(person);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60']);
    const other = await person.signIn();
    streams.push(await openFor(other));
    expect((await openFor(other)).status).toBe(429);
    for (const stream of streams) stream.close();
    await until('the streams are forgotten', async () => {
      const again = await openFor(person);
      again.close();
      return again.status === 200;
    });
  });
});

describe('the limits', () => {
  const without = useGateway({ STREAMS: 'off' }, gateway);
  const small = useGateway({ ...lockoutOff, STREAMS_MAX: '1' }, gateway);
  const counting = useGateway({ ...lockoutOff, RATE_LIMITS: 'authenticated=1/1h' }, gateway);
  const openAt = ({ url }: { url: string }, { accessToken }: { accessToken: string }) =>
    openStream(url, { query: sessionEvents }, accessToken);

  test('without streams, the path is not found', async () => {
    expect((await openAt(without, await gateway.person())).status).toBe(404);
  });

  test('a stream beyond those of the instance is 503', async () => {
    const first = await openAt(small, await gateway.person());
    const refused = await openAt(small, await gateway.person());
    expect([first.status, refused.status, refused.headers['retry-after']]).toEqual([200, 503, '60']);
    first.close();
  });

  test('the general limit of requests counts streams', async () => {
    const person = await gateway.person();
    const first = await openAt(counting, person);
    const refused = await openAt(counting, person);
    expect([first.status, refused.status]).toEqual([200, 429]);
    expect(JSON.parse(refused.text).errors[0].extensions.code).toBe('RATE_LIMITED');
    first.close();
  });

  test('an instance that stops completes its streams', async () => {
    const stream = await openAt(small, await gateway.person());
    await small.end();
    await stream.ended();
    expect(stream.messages.map(({ event }) => event)).toEqual(['complete']);
  });
});

describe('sessionEvents', () => {
  test('tells the session that it has ended, then completes', async () => {
    const person = await gateway.person();
    const stream = await openFor(person);
    await gateway.send(LogoutDocument, { input: {} }, person.accessToken);
    await stream.ended(promisedMs);
    const [ending, complete, ...others] = stream.messages;
    expect(ending?.data?.sessionEvents).toEqual({
      __typename: 'SessionEnding',
      reason: 'SIGNED_OUT',
      at: gateway.clock.now().toISOString(),
    });
    expect([complete?.event, others]).toEqual(['complete', []]);
  });

  test('gives the reason of an administrator', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const person = await gateway.person();
    const stream = await openFor(person);
    await gateway.send(SuspendUserDocument, { input: { userId: person.viewer.id } }, admin.accessToken);
    await stream.ended(promisedMs);
    expect(stream.messages[0]?.data?.sessionEvents).toMatchObject({ reason: 'SUSPENDED' });
  });

  test('reports other sign-ins, and not the end of other sessions', async () => {
    const person = await gateway.person();
    const stream = await openFor(person);
    const other = await person.signIn();
    expect((await stream.message(0)).data?.sessionEvents).toEqual({
      __typename: 'SignedInElsewhere',
      session: { id: other.session.id, current: false },
    });
    await gateway.send(RevokeSessionDocument, { input: { id: other.session.id } }, person.accessToken);
    const third = await person.signIn();
    expect((await stream.message(1)).data?.sessionEvents).toMatchObject({ session: { id: third.session.id } });
    stream.close();
  });

  test('reports a changed role, and changed permissions of the role', async () => {
    await insertRole(gateway, { name: 'CLERK', rank: 30, permissions: ['profile:write'] });
    const admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const person = await gateway.person();
    const stream = await openFor(person);
    await gateway.send(SetUserRoleDocument, { input: { userId: person.viewer.id, role: 'CLERK' } }, admin.accessToken);
    expect((await stream.message(0)).data?.sessionEvents).toEqual({
      __typename: 'PermissionsChanged',
      role: { name: 'CLERK' },
      permissions: ['profile:write'],
    });
    const input = { name: 'CLERK', permissions: ['profile:write', 'sessions:own'] };
    await gateway.send(UpdateRoleDocument, { input }, admin.accessToken);
    expect((await stream.message(1)).data?.sessionEvents).toMatchObject({
      permissions: ['profile:write', 'sessions:own'],
    });
    stream.close();
  });

  test('does not report other roles', async () => {
    await insertRole(gateway, { name: 'GUARD', rank: 30, permissions: [] });
    const admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const person = await gateway.person();
    const stream = await openFor(person);
    await gateway.send(UpdateRoleDocument, { input: { name: 'GUARD', rank: 31 } }, admin.accessToken);
    await person.signIn();
    expect((await stream.message(0)).data?.sessionEvents).toMatchObject({ __typename: 'SignedInElsewhere' });
    stream.close();
  });
});

describe('securityEvents', () => {
  test('has own entries only, without the address of other actors', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const [person, stranger] = [await gateway.person(), await gateway.person()];
    const stream = await open(securityEvents, person.accessToken);
    await stranger.signIn();
    const other = await person.signIn();
    await gateway.send(SetUserRoleDocument, { input: { userId: person.viewer.id, role: 'GUEST' } }, admin.accessToken);
    expect((await stream.message(0)).data?.securityEvents).toEqual({
      action: 'session.started',
      ipAddress: '127.0.0.1',
      sessionId: other.session.id,
    });
    expect((await stream.message(1)).data?.securityEvents).toEqual({
      action: 'user.role_changed',
      ipAddress: null,
      sessionId: null,
    });
    stream.close();
  });

  test('ends with its session', async () => {
    const person = await gateway.person();
    const stream = await open(securityEvents, person.accessToken);
    await person.signOut();
    await stream.ended(promisedMs);
    expect(stream.messages.at(-1)?.event).toBe('complete');
  });
});

describe('adminEvents', () => {
  test('has the entries of all users, or of the given types', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const person = await gateway.person();
    const all = await open(adminEvents, admin.accessToken);
    const some = await open(adminEvents, admin.accessToken, { types: ['SESSION_ENDED'] });
    const other = await person.signIn();
    await other.signOut();
    expect((await all.message(0)).data?.adminEvents).toMatchObject({
      action: 'session.started',
      actor: { id: person.viewer.id },
    });
    expect((await all.message(1)).data?.adminEvents).toMatchObject({ action: 'session.ended' });
    expect((await some.message(0)).data?.adminEvents).toMatchObject({ target: { id: other.session.id } });
    all.close();
    some.close();
  });

  test('delivers nothing that is committed after the permission was taken', async () => {
    const owner = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const person = await gateway.person();
    const stream = await open(adminEvents, admin.accessToken);
    await gateway.send(SetUserRoleDocument, { input: { userId: admin.viewer.id, role: 'USER' } }, owner.accessToken);
    await person.signIn();
    await stream.ended(promisedMs);
    expect(stream.messages.map(({ event }) => event)).toEqual(['complete']);
  });
});

describe('a stream', () => {
  // The second comment comes after 12 seconds.
  test('answers at once, also when no event comes', { timeout: 8_000 }, async () => {
    const { accessToken } = await gateway.person();
    const stream = await open(sessionEvents, accessToken);
    await until('the first comment', () => stream.comments() === 1);
    expect(stream.messages).toEqual([]);
    stream.close();
  });

  test('announces the end of the access token a minute before, and ends with it', async () => {
    const person = await gateway.person();
    const stream = await openFor(person);
    gateway.clock.travel(14 * 60 + 1);
    expect((await stream.message(0)).data?.sessionEvents).toMatchObject({ __typename: 'TokenExpiring' });
    gateway.clock.travel(60);
    await stream.ended();
    expect(stream.messages.map(({ event }) => event)).toEqual(['next', 'complete']);
  });

  test('receives the event of a slow transaction, after events that were committed later', async () => {
    const person = await gateway.person();
    const stream = await open(securityEvents, person.accessToken);
    const slow = await slowTransaction(person.viewer.id);
    const other = await person.signIn();
    expect((await stream.message(0, promisedMs)).data?.securityEvents).toMatchObject({ sessionId: other.session.id });
    await slow.commit();
    expect((await stream.message(1, promisedMs)).data?.securityEvents).toMatchObject({ action: 'password.set' });
    stream.close();
  });

  test('receives no event of a restored dump as a new one', async () => {
    const person = await gateway.person();
    const stream = await open(securityEvents, person.accessToken);
    const restored = await slowTransaction(person.viewer.id, '9000000000');
    await restored.commit();
    for (const index of [0, 1]) {
      const { session } = await person.signIn();
      expect((await stream.message(index)).data?.securityEvents).toMatchObject({ sessionId: session.id });
    }
    stream.close();
  });

  test('receives a long list of events at once, and in its order', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const stream = await open('subscription { adminEvents { requestId details } }', admin.accessToken);
    await insertEntries(3000, { text: 'x'.repeat(1000) });
    await stream.message(2999);
    const order = stream.messages.map(({ data }) => Number(Object(data?.adminEvents).requestId));
    expect(order).toEqual(Array.from({ length: 3000 }, (_, index) => index));
    stream.close();
  });

  test('ends when its reader stops', { timeout: 60_000 }, async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const fields = Array.from({ length: 12 }, (_, index) => `a${index}: details`).join(' ');
    const reader = await stoppedReader(gateway.url, `subscription { adminEvents { ${fields} } }`, admin.accessToken);
    const ended = () => streamsEnded('slow_reader');
    const before = await ended();
    for (let round = 0; (await ended()) === before; round += 1) {
      // What the sockets of both sides hold, and 64 messages.
      expect(round).toBeLessThan(20);
      await insertEntries(200, { text: 'x'.repeat(5000) });
      await until('the events are written', async () => (await ended()) > before, 500).catch(() => undefined);
    }
    expect(await reader.read()).not.toContain('event: complete');
  });

  test('is not delayed by a steady flow of changes', async () => {
    const person = await gateway.person();
    const stream = await openFor(person);
    const [flow, end] = [new AbortController(), performance.now() + 3000];
    const change = async () => {
      while (!flow.signal.aborted && performance.now() < end) await gateway.post({ query: refusedMutation });
    };
    const changes = Array.from({ length: 6 }, change);
    try {
      await person.signIn();
      await stream.message(0, promisedMs);
    } finally {
      flow.abort();
      await Promise.all(changes);
      stream.close();
    }
  });

  test('is closed when its reader aborts during the first message', async () => {
    const person = await gateway.person();
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const body = JSON.stringify({ query: sessionEvents });
    const head = [
      'POST /graphql/stream HTTP/1.0',
      'Host: localhost',
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      `Authorization: Bearer ${person.accessToken}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toMatch(/transfer-encoding/i);
    socket.destroy();
    await person.signIn(goodPassword);
    await until('the stream is forgotten', async () => {
      const streams = [await openFor(person), await openFor(person), await openFor(person)];
      for (const stream of streams) stream.close();
      return streams.every(({ status }) => status === 200);
    });
  });
});

const refusedMutation = 'mutation { logout(input: {}) { revoked } }';

/** Entries of one transaction, each with its event. Their request ids count from 0. */
async function insertEntries(count: number, details = {}) {
  await gateway.database.query(
    `with entries as (
       insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_hash, details)
       select gen_random_uuid(), $1, 'password.set', 'SUCCESS', n::text, '', $3 from generate_series(0, $2::int - 1) n
       returning id, request_id
     )
     insert into events (id, type, occurred_at, audit_entry_id, data)
     select ($4 || lpad(to_hex(request_id::int), 12, '0'))::uuid, 'PASSWORD_CHANGED', $1, id, '{}' from entries`,
    [gateway.clock.now(), count, JSON.stringify(details), crypto.randomUUID().slice(0, 24)],
  );
}

/** Opens a stream and reads nothing after the headers. */
async function stoppedReader(url: string, query: string, token: string) {
  const sent = request(`${url}/graphql/stream`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token) },
  });
  sent.end(JSON.stringify({ query }));
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (!response) throw new Error('there is no response');
  response.pause();
  return {
    /** What arrived before the server closed the connection. */
    async read(): Promise<string> {
      let received = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      response.resume();
      await new Promise((resolve) => response.once('close', resolve));
      return received;
    },
  };
}

/**
 * A transaction that has taken its number and its event before other transactions, and commits later.
 * @param xact another number for the event; null: that of the transaction
 */
async function slowTransaction(userId: string, xact: string | null = null): Promise<{ commit(): Promise<void> }> {
  const { Client } = (await import('pg')).default;
  const client = new Client(gateway.database.url);
  await client.connect();
  await client.query('begin');
  const entry = await gateway.database.query<{ id: string }>(
    `insert into audit_entries (id, occurred_at, action, outcome, target_type, target_id, request_id, personal_hash, details)
     values (gen_random_uuid(), $2, 'password.set', 'SUCCESS', 'user', $1, 'test', '', '{}') returning id`,
    [userId, gateway.clock.now()],
  );
  await client.query(
    `insert into events (id, type, occurred_at, user_id, actor_id, audit_entry_id, data, xact)
     values (gen_random_uuid(), 'PASSWORD_CHANGED', $2, $1, null, $3, '{}', coalesce($4::xid8, pg_current_xact_id()))`,
    [userId, gateway.clock.now(), entry[0]?.id, xact],
  );
  return {
    async commit() {
      await client.query('commit');
      await client.end();
    },
  };
}
