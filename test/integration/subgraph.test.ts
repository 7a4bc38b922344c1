/**
 * The subgraph for a federation router: `_service` and `_entities`, for callers with the router secret, with limits.
 */
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { printSubgraph } from '../../src/graphql/sdl.ts';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, limitsOff, newAddress, registerUser, signIn, startTestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { createApiKey, createServiceAccount } from '../support/people/api-keys.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';

const secret = 'only-the-router-and-we-know-this-one';
const router = { 'router-authorization': secret };
const entities =
  'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on User { id displayName } } }';
const unknownId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a3';

let ada: string;
let grace: string;
const gateway = useGateway({ ROUTER_SECRET: secret, RATE_LIMITS: `${limitsOff},anonymous=50/1h` });
beforeAll(async () => {
  [ada, grace] = [await newUser('Ada'), await newUser('Grace')];
});

const ask = (query: string, variables: object = {}, headers: Record<string, string> = router): Promise<Answer> =>
  answerOf(gateway.post({ query, variables }, headers));
const find = (of: unknown, headers?: Record<string, string>) => ask(entities, { of }, headers);
const referenceTo = (id: unknown) => ({ __typename: 'User', id });

async function newUser(displayName: string): Promise<string> {
  const email = await registerUser(gateway, newAddress());
  const [user] = await gateway.database.query<{ id: string }>(
    'update users set display_name = $2 where email = $1 returning id',
    [email, displayName],
  );
  if (!user) throw new Error('no user is registered');
  return user.id;
}

const setStatus = (id: string, status: string) =>
  gateway.database.query('update users set status = $2 where id = $1', [id, status]);

describe('the router', () => {
  test('gets the committed SDL', async () => {
    const { data, errors } = await ask('{ _service { sdl } }');
    expect(errors).toEqual([]);
    const [, committed] = /^# Generated.*?\n\n(.*)$/s.exec(printSubgraph()) ?? [];
    expect(data).toEqual({ _service: { sdl: committed } });
  });

  test('gets users in the order of their representations, repeated ones repeatedly', async () => {
    const { data } = await find([grace, ada, grace].map(referenceTo));
    const [a, g] = [
      { __typename: 'User', id: ada, displayName: 'Ada' },
      { __typename: 'User', id: grace, displayName: 'Grace' },
    ];
    expect(data).toEqual({ _entities: [g, a, g] });
  });

  test('gets service accounts beside users, and their role only for callers who may read it', async () => {
    const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
    const id = await createServiceAccount(gateway, accessToken);
    const of = [{ __typename: 'ServiceAccount', id }, referenceTo(ada), { __typename: 'ServiceAccount', id: ada }];
    const query = (fields: string) =>
      `query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on ServiceAccount { id ${fields} } } }`;
    const { data, errors } = await ask(query('name'), { of });
    expect(errors).toEqual([]);
    const robot = { __typename: 'ServiceAccount', id };
    expect(data).toEqual({ _entities: [{ ...robot, name: expect.any(String) }, { __typename: 'User' }, null] });
    for (const field of ['role { name }', 'status', 'createdAt', 'keys { totalCount }'])
      expect((await ask(query(field), { of })).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const answer = await ask(query('status role { name }'), { of }, { ...router, ...bearer(accessToken) });
    expect(answer.data).toMatchObject({ _entities: [{ status: 'ACTIVE', role: { name: 'USER' } }, {}, null] });
    const { key } = await createApiKey(gateway, accessToken, { scopes: ['audit:read'] });
    const forwarded = await ask(query('status keys { totalCount }'), { of }, { ...router, ...bearer(key) });
    expect(forwarded.errors.map(({ path }) => path)).toEqual([['_entities', 0, 'keys']]);
  });

  test('may send representations as literals', async () => {
    const { data } = await ask(
      `{ _entities(representations: [{ __typename: "User", id: "${ada}" }]) { ... on User { displayName } } }`,
    );
    expect(data).toEqual({ _entities: [{ displayName: 'Ada' }] });
  });

  test('may request any user, with or without a user’s token', async () => {
    const { accessToken } = await signIn(gateway, await registerUser(gateway));
    for (const token of [accessToken, 'not.a.token']) {
      const { data } = await find([referenceTo(ada)], { ...router, ...bearer(token) });
      expect(data).toMatchObject({ _entities: [{ id: ada }] });
    }
  });

  test('is not counted in the limits of users', async () => {
    const answers = await Promise.all(Array.from({ length: 80 }, () => find([referenceTo(ada)])));
    expect(answers.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});

describe('any other caller is refused', () => {
  const presented: [string, Record<string, string>][] = [
    ['nothing', {}],
    ['another secret', { 'router-authorization': secret.replace('o', 'O') }],
    ['a part of the secret', { 'router-authorization': secret.slice(0, -1) }],
    ['more than the secret', { 'router-authorization': `${secret}x` }],
    ['the secret in another header', { authorization: `Bearer ${secret}` }],
    ['the secret twice', { 'router-authorization': `${secret}, ${secret}` }],
  ];

  test.each(presented)('%s', async (_what, headers) => {
    for (const answer of [await ask('{ _service { sdl } }', {}, headers), await find([referenceTo(ada)], headers)]) {
      expect(errorOf(answer)).toMatchObject({
        message: 'You do not have permission for this operation.',
        extensions: { code: 'FORBIDDEN' },
      });
      expect(answer.text).not.toContain('Ada');
      expect(answer.text).not.toContain('@key');
    }
  });

  test('with an administrator’s token as well', async () => {
    const email = await registerUser(gateway);
    await gateway.database.query(`update users set role_name = 'SUPER_ADMIN' where email = $1`, [email]);
    const { accessToken } = await signIn(gateway, email);
    expect(errorOf(await find([referenceTo(ada)], bearer(accessToken))).extensions.code).toBe('FORBIDDEN');
  });

  test('when no router is configured, with any header', async () => {
    const closed = await startTestGateway({}, gateway);
    try {
      for (const presented of ['', 'null', 'undefined', secret]) {
        const headers = { 'router-authorization': presented };
        const answer = await answerOf(closed.post({ query: entities, variables: { of: [referenceTo(ada)] } }, headers));
        expect(errorOf(answer).extensions.code).toBe('FORBIDDEN');
      }
    } finally {
      await closed.stop();
    }
  });
});

describe('an unknown representation', () => {
  const strangers: [string, unknown][] = [
    ['an unknown id', referenceTo(unknownId)],
    ['no id', { __typename: 'User' }],
    ['an id that is none', referenceTo('1')],
    ['an id that would be SQL', referenceTo("' or true --")],
    ['a number', referenceTo(7)],
    ['a list', referenceTo([unknownId])],
    ['an operator', referenceTo({ $ne: null })],
    ['null', referenceTo(null)],
    ['another type', { __typename: 'Role', name: 'USER' }],
    ['no type', { id: unknownId }],
    ['a type of JavaScript’s', { __typename: '__proto__', id: unknownId }],
    ['a text', 'User'],
    ['an address instead of the id', { __typename: 'User', email: 'person1@example.com' }],
  ];

  test.each(strangers)('is null, and the others are still returned: %s', async (_what, stranger) => {
    const { status, data, errors } = await find([stranger, referenceTo(ada)]);
    expect([status, errors]).toEqual([200, []]);
    expect(data).toEqual({ _entities: [null, { __typename: 'User', id: ada, displayName: 'Ada' }] });
  });

  test('of a deleted user looks like one of an unknown user', async () => {
    const id = await newUser('Gone');
    await setStatus(id, 'DELETED');
    const [gone, never] = [await find([referenceTo(id)]), await find([referenceTo(unknownId)])];
    expect(gone.text).toBe(never.text);
  });

  test('of a suspended user still returns the user', async () => {
    const id = await newUser('Sus');
    await setStatus(id, 'SUSPENDED');
    expect((await find([referenceTo(id)])).data).toMatchObject({ _entities: [{ displayName: 'Sus' }] });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list with null', [null]],
    ['no list', referenceTo(unknownId)],
    ['a text', 'User'],
    ['a number', 7],
  ])('in a malformed list is bad input, never an internal error: %s', async (_what, of) => {
    const answer = await find(of);
    expect(answer.status).toBeLessThan(500);
    const codes = answer.errors.map(({ extensions }) => extensions.code);
    // GraphQL accepts a single value for a list.
    if (codes.length > 0) expect(codes).toEqual(['BAD_USER_INPUT']);
    else expect(answer.data).toEqual({ _entities: [null] });
  });
});

describe('the number of representations', () => {
  const many = (count: number) => Array.from({ length: count }, () => referenceTo(ada));

  test('has a limit of a hundred', async () => {
    expect((await find(many(100))).errors).toEqual([]);
    const tooMany = await find(many(101));
    expect(tooMany.status).toBe(400);
    expect(errorOf(tooMany).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'of', code: 'TOO_LONG', message: 'Send at most 100 items.' }],
    });
  });

  test('is not multiplied by aliases', async () => {
    const query = `query ($of: [_Any!]!) { ${['a', 'b', 'c'].map((name) => `${name}: _entities(representations: $of) { __typename }`).join(' ')} }`;
    const { errors } = await ask(query, { of: many(40) });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect((await ask(query, { of: many(33) })).errors).toEqual([]);
  });

  test('is one statement for a hundred different users', async () => {
    const ids = await gateway.database.query<{ id: string }>(
      `insert into users (id, email, role_name, status, created_at, updated_at)
       select gen_random_uuid(), 'crowd' || n || '@example.com', 'USER', 'ACTIVE', now(), now() from generate_series(1, 100) n
       returning id`,
    );
    const holder = new pg.Client(gateway.database.url);
    await holder.connect();
    try {
      await holder.query('begin; lock table users in access exclusive mode');
      const answer = find(ids.map(({ id }) => referenceTo(id)));
      const waiting = await until('statements that wait', async () => {
        const rows = await gateway.database.query<{ query: string }>(
          `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows.length > 0 && rows;
      });
      expect(waiting).toHaveLength(1);
      await holder.query('rollback');
      expect((await answer).data).toMatchObject({ _entities: ids.map(({ id }) => ({ id })) });
    } finally {
      await holder.end();
    }
  });
});
