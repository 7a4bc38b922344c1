/** The revocation feed, and the verifier that follows it. */
import type { RequestListener } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createVerifier, type RevocationOptions, type Verifier } from '../../packages/verify/src/verifier.ts';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, lockoutOff, type SignedIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  DeleteServiceAccountDocument,
  ReactivateServiceAccountDocument,
  RevokeApiKeyDocument,
  SetUserRoleDocument,
  SuspendServiceAccountDocument,
  SuspendUserDocument,
} from '../support/generated/graphql.ts';
import {
  clientTokenOf,
  createApiKey,
  createClientSecret,
  createServiceAccount,
  issueClientToken,
} from '../support/people/api-keys.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';
import { type AnsweringServer, startAnsweringServer } from '../support/servers/answering-server.ts';

const secret = 'router-secret-9f8e7d6c5b4a39281706';
const ttlSeconds = 900;
const gateway = useGateway({ ...lockoutOff, ROUTER_SECRET: secret });

interface Feed {
  cursor: string;
  full: boolean;
  entries: { kind: string; id: string; until: number; issuedBefore?: number }[];
}

const ask = (query = '', headers: Record<string, string> = { 'router-authorization': secret }) =>
  answerOf(fetch(`${gateway.url}/auth/revocations${query}`, { headers }));
const feedIn = ({ text }: Answer): Feed => JSON.parse(text);
const read = async (query = '') => feedIn(await ask(query));
const seconds = () => Math.floor(gateway.clock.now().getTime() / 1000);

let admin: SignedIn;
beforeAll(async () => {
  admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
});

describe('the feed', () => {
  test('is for the router and for programs with the permission', async () => {
    const anonymous = await ask('', {});
    expect([anonymous.status, errorOf(anonymous).extensions.reason]).toEqual([401, 'NO_CREDENTIALS']);
    expect((await ask('', { 'router-authorization': `${secret}x` })).status).toBe(401);
    const user = await ask('', bearer(admin.accessToken));
    expect([user.status, errorOf(user).extensions.requiredPermission]).toEqual([403, 'revocations:read']);
    const account = await createServiceAccount(gateway, admin.accessToken, 'ADMIN');
    const keyOf = (scopes: string[]) => createApiKey(gateway, admin.accessToken, { serviceAccountId: account, scopes });
    expect((await ask('', bearer((await keyOf(['revocations:read'])).key))).status).toBe(200);
    expect((await ask('', bearer((await keyOf(['users:read'])).key))).status).toBe(403);
  });

  test('has the session of a sign-out until its access token would have expired', async () => {
    const person = await gateway.person();
    const { cursor } = await read();
    await person.signOut();
    const entry = {
      kind: 'session',
      id: person.session.id,
      until: Math.ceil(gateway.clock.now().getTime() / 1000) + ttlSeconds,
    };
    expect(await read(`?after=${cursor}`)).toMatchObject({ full: false, entries: [entry] });
    const all = await read();
    expect(all.full).toBe(true);
    expect(all.entries).toContainEqual(entry);
    gateway.clock.travel(ttlSeconds + 1);
    expect((await read()).entries.map(({ id }) => id)).not.toContain(person.session.id);
  });

  test('has changed accounts and revoked keys', async () => {
    admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const [suspended, promoted, changed] = [await gateway.person(), await gateway.person(), await gateway.person()];
    const key = await createApiKey(gateway, changed.accessToken);
    const { cursor } = await read();
    const { accessToken } = admin;
    await gateway.send(SuspendUserDocument, { input: { userId: suspended.viewer.id } }, accessToken);
    await gateway.send(SetUserRoleDocument, { input: { userId: promoted.viewer.id, role: 'MODERATOR' } }, accessToken);
    await gateway.send(RevokeApiKeyDocument, { input: { id: key.id } }, changed.accessToken);
    const input = { currentPassword: goodPassword, newPassword: 'Another 9 lanterns' };
    await gateway.send(ChangePasswordDocument, { input }, changed.accessToken);
    const { entries } = await read(`?after=${cursor}`);
    const now = seconds();
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'session', id: suspended.session.id }));
    // Tokens of the same second are stale after a change by an administrator, and not after one by the user.
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'subject', id: promoted.viewer.id, issuedBefore: now + 1 }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'subject', id: changed.viewer.id, issuedBefore: now }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'key', id: key.id }));
  });

  test('has a suspended service account and its keys, and the revoked keys of a deleted one', async () => {
    admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const { accessToken } = admin;
    const id = await createServiceAccount(gateway, accessToken);
    const key = await createApiKey(gateway, accessToken, { serviceAccountId: id });
    const { cursor } = await read();
    await gateway.send(SuspendServiceAccountDocument, { input: { id } }, accessToken);
    const suspended = await read(`?after=${cursor}`);
    const [issuedBefore, until] = [seconds() + 1, Math.ceil(gateway.clock.now().getTime() / 1000) + ttlSeconds];
    expect(suspended.entries).toEqual([
      { kind: 'subject', id, issuedBefore, until },
      { kind: 'key', id: key.id, issuedBefore, until },
    ]);
    await gateway.send(DeleteServiceAccountDocument, { input: { id } }, accessToken);
    const deleted = await read(`?after=${suspended.cursor}`);
    expect(deleted.entries).toContainEqual({ kind: 'subject', id, issuedBefore, until });
    expect(deleted.entries).toContainEqual({ kind: 'key', id: key.id, until });
  });

  test.each([
    ['no cursor', 'bm90aGluZw'],
    ['another cluster', Buffer.from('1.1.5:5:').toString('base64url')],
    ['a snapshot that PostgreSQL would refuse', Buffer.from('1.1.9:5:7,6').toString('base64url')],
    ['one of megabytes', 'x'.repeat(9000)],
  ])('answers a wrong cursor with everything: %s', async (_what, cursor) => {
    const answer = await ask(`?after=${cursor}`);
    expect([answer.status, feedIn(answer).full]).toEqual([200, true]);
  });

  test('answers a cursor that is older than the tokens with everything', async () => {
    const { cursor } = await read();
    gateway.clock.travel(ttlSeconds + 1);
    expect((await read(`?after=${cursor}`)).full).toBe(true);
  });

  test('answers a cursor of a restored database with everything', async () => {
    const { cursor } = await read();
    const [cluster, readAt] = Buffer.from(cursor, 'base64url').toString().split('.');
    const later = Buffer.from(`${cluster}.${readAt}.900000000:900000000:`).toString('base64url');
    expect((await read(`?after=${later}`)).full).toBe(true);
  });

  test('lists events of a restored dump, whose transactions this cluster has yet to reach, and repeats none', async () => {
    const id = crypto.randomUUID();
    await gateway.database.query(
      `insert into events (id, type, occurred_at, session_id, data, xact)
       values (gen_random_uuid(), 'SESSION_ENDED', $1, $2, '{}', '9000000000')`,
      [gateway.clock.now(), id],
    );
    const { entries, cursor } = await read();
    expect(entries.filter((entry) => entry.id === id)).toHaveLength(1);
    // Otherwise a reader that waits would be answered at once, again and again.
    expect((await read(`?after=${cursor}`)).entries).toEqual([]);
    const person = await gateway.person();
    await person.signOut();
    expect((await read(`?after=${cursor}`)).entries.map((entry) => entry.id)).toEqual([person.session.id]);
  });

  test('waits for the next entry, and answers all readers of a cursor', async () => {
    const person = await gateway.person();
    const { cursor } = await read();
    const waiting = [read(`?after=${cursor}&wait=25`), read(`?after=${cursor}&wait=25`)];
    const startedAt = performance.now();
    await person.signOut();
    for (const feed of await Promise.all(waiting)) expect(feed.entries).toMatchObject([{ id: person.session.id }]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test('answers an unchanged list with 304', async () => {
    const first = await ask();
    const etag = first.headers.get('etag') ?? '';
    const again = await ask('', { 'router-authorization': secret, 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    await (await gateway.person()).signOut();
    const changed = await ask('', { 'router-authorization': secret, 'if-none-match': etag });
    expect(changed.status).toBe(200);
  });

  test('has an event of a slow transaction in the answer after its commit, and never skips it', async () => {
    const { Client } = (await import('pg')).default;
    const client = new Client(gateway.database.url);
    await client.connect();
    await client.query('begin');
    const id = crypto.randomUUID();
    await client.query(
      `insert into events (id, type, occurred_at, session_id, data) values (gen_random_uuid(), 'SESSION_ENDED', $1, $2, '{}')`,
      [gateway.clock.now(), id],
    );
    const person = await gateway.person();
    const { cursor: before } = await read();
    await person.signOut();
    const between = await read(`?after=${before}`);
    expect(between.entries.map((entry) => entry.id)).toEqual([person.session.id]);
    await client.query('commit');
    await client.end();
    expect((await read(`?after=${between.cursor}`)).entries.map((entry) => entry.id)).toEqual([id]);
  });

  test('streams a hundred thousand entries in pages', async () => {
    await gateway.database.query(
      `insert into events (id, type, occurred_at, session_id, data)
       select gen_random_uuid(), 'SESSION_ENDED', $1, gen_random_uuid(), '{}' from generate_series(1, 100000)`,
      [gateway.clock.now()],
    );
    const { full, entries } = await read();
    expect(full).toBe(true);
    expect(new Set(entries.map(({ id }) => id)).size).toBeGreaterThanOrEqual(100_000);
    await gateway.database.query(`delete from events`);
  });
});

describe('the verifier', () => {
  let verify: Verifier | undefined;
  let faulty: AnsweringServer | undefined;
  afterEach(async () => {
    verify?.close();
    await faulty?.stop();
    faulty = undefined;
  });

  const verifierWith = (options: Partial<RevocationOptions> = {}, aheadSeconds = 0) => {
    verify = createVerifier({
      issuer: 'https://auth.example.com',
      jwksUrl: `${gateway.url}/.well-known/jwks.json`,
      now: () => new Date(gateway.clock.now().getTime() + aheadSeconds * 1000),
      revocations: { secret, url: `${gateway.url}/auth/revocations`, onFailure: 'refuse', ...options },
    });
    return verify;
  };
  const problemOf = async (by: Verifier, { accessToken }: { accessToken: string }) =>
    (await by(`Bearer ${accessToken}`)).problem;

  test('refuses the token of an ended session within three seconds, and others not', async () => {
    const [person, other] = [await gateway.person(), await gateway.person()];
    const by = verifierWith();
    expect(await problemOf(by, person)).toBeNull();
    await person.signOut();
    await until('the refusal', async () => (await problemOf(by, person)) === 'SESSION_REVOKED', 3000);
    expect(await problemOf(by, other)).toBeNull();
  });

  test.each([60, -60])('refuses it with a clock that is %d seconds ahead, and others not', async (aheadSeconds) => {
    const [person, other] = [await gateway.person(), await gateway.person()];
    const by = verifierWith({}, aheadSeconds);
    expect(await problemOf(by, person)).toBeNull();
    await person.signOut();
    await until('the refusal', async () => (await problemOf(by, person)) === 'SESSION_REVOKED', 3000);
    expect(await problemOf(by, other)).toBeNull();
  });

  test('refuses a token that is older than a change of role, and accepts the next one', async () => {
    const person = await gateway.person();
    const by = verifierWith();
    admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    await gateway.send(SetUserRoleDocument, { input: { userId: person.viewer.id, role: 'GUEST' } }, admin.accessToken);
    await until('the refusal', async () => (await problemOf(by, person)) === 'SESSION_REVOKED', 3000);
    gateway.clock.travel(1);
    expect(await problemOf(by, await person.refresh())).toBeNull();
  });

  test('refuses the tokens of a suspended service account, and accepts new ones once it is reactivated', async () => {
    admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const issued = await issueClientToken(gateway, admin.accessToken);
    const by = verifierWith();
    const { problem, caller } = await by(`Bearer ${issued}`);
    expect([problem, caller?.kind]).toEqual([null, 'service']);
    const input = { id: caller?.kind === 'service' ? caller.serviceAccountId : '' };
    await gateway.send(SuspendServiceAccountDocument, { input }, admin.accessToken);
    await until('the refusal', async () => (await problemOf(by, { accessToken: issued })) === 'SESSION_REVOKED', 3000);
    await gateway.send(ReactivateServiceAccountDocument, { input }, admin.accessToken);
    gateway.clock.travel(1);
    const { secret: clientSecret } = await createClientSecret(gateway, admin.accessToken, input.id);
    const next = await clientTokenOf(gateway, input.id, clientSecret);
    expect(await problemOf(by, { accessToken: next })).toBeNull();
  });

  test.each([
    ['is down', (_request, response) => response.writeHead(503).end()],
    ['answers garbage', (_request, response) => response.end('{"cursor":7}')],
    ['does not answer', () => undefined],
  ] satisfies [string, RequestListener][])(
    'refuses tokens only once the feed %s for longer than maxAgeSeconds',
    async (_what, answer) => {
      const person = await gateway.person();
      faulty = await startAnsweringServer(answer);
      const { url } = faulty;
      const by = verifierWith({ url, maxAgeSeconds: 2 });
      expect(await problemOf(by, person)).toBeNull();
      await until('the refusal', async () => (await problemOf(by, person)) === 'REVOCATIONS_UNAVAILABLE', 4000);
      by.close();
      const trusting = verifierWith({ url, maxAgeSeconds: 2, onFailure: 'accept' });
      expect(await problemOf(trusting, person)).toBeNull();
    },
  );

  test.each([
    [{ onFailure: 'refuse' }, 'secret or apiKey'],
    [{ secret, apiKey: 'x', onFailure: 'refuse' }, 'secret or apiKey'],
    [{ secret, onFailure: 'ignore' }, 'onFailure'],
    [{ secret, onFailure: 'accept', maxAgeSeconds: 1 }, 'maxAgeSeconds'],
  ])('rejects options that cannot work: %j', (revocations, message) => {
    const options = { issuer: 'https://auth.example.com', revocations };
    expect(() => Reflect.apply(createVerifier, undefined, [options])).toThrow(message);
  });
});
