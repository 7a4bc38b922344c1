/** The list of users: filters, orders, pages in both directions, and the cost of a page. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  CountUsersDocument,
  type UserFilter,
  type UserOrder,
  UsersDocument,
  type UsersQueryVariables,
  UsersWithAllDocument,
} from '../support/generated/graphql.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { type StatementCounter, startStatementCounter } from '../support/proxies/statement-counter.ts';

/** The counter also counts the statements of the mail worker, so it polls as seldom as in production. */
const mailPollMs = 1000;

/** The same database, reached through the counter. */
let counter: StatementCounter;
let gateway: TestGateway;
let admin: UserWithRole;

interface Row {
  email: string;
  name?: string;
  role?: string;
  status?: string;
  /** Days since the start of the test data. */
  created?: number;
  lastLogin?: number;
  mfa?: boolean;
}

const beginning = Date.parse('2030-01-01T00:00:00Z');
const dayMs = 24 * 60 * 60 * 1000;
const at = (days: number) => new Date(beginning + days * dayMs).toISOString();

/** Inserted directly: thousands of registrations through the API would take minutes. */
async function insert(rows: readonly Row[]): Promise<void> {
  for (const { email, name, role = 'USER', status = 'ACTIVE', created = 0, lastLogin, mfa = false } of rows) {
    await first.database.query(
      `insert into users (id, email, display_name, role_name, status, created_at, updated_at, last_login_at, mfa_enabled_at)
       values (gen_random_uuid(), $1, $2, $3, $4, $5, $5, $6, $7)`,
      [
        email,
        name ?? null,
        role,
        status,
        at(created),
        lastLogin === undefined ? null : at(lastLogin),
        mfa ? at(0) : null,
      ],
    );
  }
}

const people: Row[] = [
  { email: 'ada@example.com', name: 'Ada Lovelace', created: 1, lastLogin: 9, mfa: true },
  { email: 'ada.byron@example.com', name: 'Ada King, Countess', created: 2 },
  { email: 'grace@example.com', name: 'Grace Brewster Hopper', role: 'MODERATOR', created: 3, lastLogin: 5 },
  { email: 'jean-luc@example.com', name: "Jean-Luc O'Brien", created: 4, lastLogin: 4, status: 'SUSPENDED' },
  { email: 'tim@example.com', name: 'J.R.R. Tolkien', created: 5, status: 'DELETED' },
  { email: 'jürgen@example.com', name: 'Jürgen Schmidhuber', created: 6, status: 'INVITED' },
  { email: 'a_b%c@example.com', created: 7, lastLogin: 8 },
  { email: 'a\\b@example.org', name: 'Ада Лавлейс', created: 8, lastLogin: 8 },
];

const first = useGateway(lockoutAndVerificationOff);
beforeAll(async () => {
  counter = await startStatementCounter(first.database.url);
  gateway = await startTestGateway({ ...lockoutAndVerificationOff, DATABASE_URL: counter.url }, first, mailPollMs);
  admin = await createUserWithRole(gateway, 'ADMIN');
  await insert(people);
});
afterAll(async () => {
  await gateway.stop();
  await counter.close();
});

const list = async (variables: UsersQueryVariables) =>
  (await gateway.send(UsersDocument, variables, admin.accessToken)).users;
const count = async (where: UserFilter) =>
  (await gateway.send(CountUsersDocument, { where }, admin.accessToken)).users.totalCount;

/** The first words of the addresses of the found users of `people`. */
async function found(where: UserFilter, orderBy?: UserOrder): Promise<string[]> {
  const { nodes } = await list({ first: 100, where, orderBy: orderBy ?? null });
  const known = new Set(people.map(({ email }) => email));
  return nodes
    .map(({ email }) => email)
    .filter((email) => known.has(email))
    .map((email) => email.split('@')[0] ?? '');
}

describe('a filter', () => {
  test.each<[string, UserFilter, string[]]>([
    ['a prefix of the address', { email: 'ada' }, ['ada.byron', 'ada']],
    ['a prefix in another letter case and width', { email: ' ADA.ｂ' }, ['ada.byron']],
    ['a whole address', { email: 'ada@example.com' }, ['ada']],
    ['no match in the middle', { email: 'example' }, []],
    ['wildcards of LIKE, literally', { email: 'a_' }, ['a_b%c']],
    ['a percent sign, literally', { email: 'a_b%' }, ['a_b%c']],
    ['a backslash, literally', { email: 'a\\' }, ['a\\b']],
    ['a percent sign alone', { email: '%' }, []],
    ['accented letters', { email: 'jürg' }, ['jürgen']],
    ['a word of the name', { name: 'hopper' }, ['grace']],
    ['prefixes of words in any order', { name: 'lov AD' }, ['ada']],
    ['all of the words', { name: 'ada king' }, ['ada.byron']],
    ['no match in the middle of a word', { name: 'ovelace' }, []],
    ['words beside hyphens and apostrophes', { name: 'brien luc' }, ['jean-luc']],
    ['the exact name', { name: "Jean-Luc O'Brien" }, ['jean-luc']],
    ['words after dots', { name: 'tolk' }, ['tim']],
    ['other alphabets', { name: 'лавл' }, ['a\\b']],
    ['accented letters in names', { name: 'JÜR' }, ['jürgen']],
    ['operators of a search, literally', { name: "ada | grace & ! <-> ':*" }, []],
    ['no word', { name: '!?' }, []],
    ['a role', { role: 'MODERATOR' }, ['grace']],
    ['an unknown role', { role: 'UNKNOWN' }, []],
    ['a state', { status: 'SUSPENDED' }, ['jean-luc']],
    ['another state', { status: 'INVITED' }, ['jürgen']],
    ['a second factor', { mfaEnabled: true }, ['ada']],
    ['from a time on', { createdFrom: at(7) }, ['a\\b', 'a_b%c']],
    ['before a time', { createdFrom: at(1), createdBefore: at(3) }, ['ada.byron', 'ada']],
    ['the last sign-in from a time on', { lastLoginFrom: at(8) }, ['a\\b', 'a_b%c', 'ada']],
    ['the last sign-in before a time, if there was one', { lastLoginBefore: at(5), createdFrom: at(0) }, ['jean-luc']],
    ['all filters together', { name: 'ada', mfaEnabled: false, createdBefore: at(3) }, ['ada.byron']],
    ['no filter', { email: '', name: ' ', role: '', createdFrom: at(8) }, ['a\\b']],
  ])('by %s', async (_what, where, expected) => {
    expect(await found(where)).toEqual(expected);
    const all = (await list({ first: 100, where })).nodes.length;
    expect(await count(where)).toBe(all);
  });

  test.each([
    ['email', { email: 'a\u0000' }],
    ['name', { name: 'a\u0007' }],
    ['role', { role: '\u0000' }],
  ])('by %s with an impossible value is refused', async (field, where) => {
    const { extensions } = await refusal(list({ where }));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: `where.${field}` }] });
  });

  test.each([
    [{ email: { $ne: null } }],
    [{ role: ['ADMIN'] }],
    [{ status: { $in: ['ACTIVE'] } }],
    [{ createdFrom: { $gt: 0 } }],
    [{ $or: [] }],
    [{ id: 'x' }],
  ])('with an operator instead of a value (%j) is refused', async (where) => {
    const query = 'query ($where: UserFilter) { users(where: $where) { nodes { id } } }';
    const response = await gateway.post(
      { query, variables: { where } },
      { authorization: `Bearer ${admin.accessToken}` },
    );
    expect(await response.text()).toContain('"BAD_USER_INPUT"');
  });
});

describe('an order', () => {
  test.each<[UserOrder, string[]]>([
    [{ field: 'CREATED_AT', direction: 'ASC' }, ['ada', 'ada.byron', 'grace']],
    [{ field: 'CREATED_AT', direction: 'DESC' }, ['grace', 'ada.byron', 'ada']],
    [{ field: 'EMAIL', direction: 'ASC' }, ['ada.byron', 'ada', 'grace']],
    [{ field: 'EMAIL', direction: 'DESC' }, ['grace', 'ada', 'ada.byron']],
    [{ field: 'LAST_LOGIN_AT', direction: 'ASC' }, ['ada.byron', 'grace', 'ada']],
    [{ field: 'LAST_LOGIN_AT', direction: 'DESC' }, ['ada', 'grace', 'ada.byron']],
  ])('%j', async (orderBy, expected) => {
    expect(await found({ createdFrom: at(1), createdBefore: at(4) }, orderBy)).toEqual(expected);
  });

  test('is by creation, newest first, by default and when only half of it is given', async () => {
    const where = { createdFrom: at(1), createdBefore: at(4) };
    const newestFirst = ['grace', 'ada.byron', 'ada'];
    expect(await found(where)).toEqual(newestFirst);
    expect(await found(where, {})).toEqual(newestFirst);
    expect(await found(where, { direction: 'ASC' })).toEqual(newestFirst.toReversed());
  });
});

describe('pages', () => {
  const orders: UserOrder[] = (['CREATED_AT', 'EMAIL', 'LAST_LOGIN_AT'] as const).flatMap((field) =>
    (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })),
  );
  const where = { email: 'page' };

  beforeAll(async () => {
    // Dozens of equal times, and microseconds that a JavaScript Date would lose.
    await first.database.query(
      `insert into users (id, email, role_name, status, created_at, updated_at, last_login_at)
       select gen_random_uuid(), 'page' || i || '@example.com', 'USER', 'ACTIVE', t, t, case when i % 3 = 0 then t end
       from (select i, '2031-01-01T00:00:00.000123Z'::timestamptz + (i / 12) * interval '1 microsecond' as t
             from generate_series(1, 130) i) s`,
    );
  });

  async function walk(orderBy: UserOrder, size: number, forwards: boolean): Promise<string[]> {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const place: UsersQueryVariables = forwards ? { first: size, after: cursor } : { last: size, before: cursor };
      const { nodes, pageInfo } = await list({ ...place, where, orderBy });
      const ids = nodes.map(({ id }) => id);
      if (forwards) seen.push(...ids);
      else seen.unshift(...ids);
      const goesOn = forwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
      cursor = goesOn ? ((forwards ? pageInfo.endCursor : pageInfo.startCursor) ?? null) : null;
    }
    return seen;
  }

  test.each(orders)('in the order %j show each user once, forwards and backwards', async (orderBy) => {
    const forwards = await walk(orderBy, 17, true);
    expect(new Set(forwards).size).toBe(130);
    expect(forwards).toHaveLength(130);
    expect(await walk(orderBy, 23, false)).toEqual(forwards);
    const opposite = { ...orderBy, direction: orderBy.direction === 'ASC' ? 'DESC' : 'ASC' } as const;
    expect(await walk(opposite, 50, true)).toEqual(forwards.toReversed());
  });

  test.each(orders)('in the order %j are not shifted by users added or removed', async (orderBy) => {
    const before = await list({ first: 40, where, orderBy });
    const { endCursor } = (await list({ first: 20, where, orderBy })).pageInfo;
    const edges = [
      { email: 'page0@example.com', created: 0, lastLogin: 0 },
      { email: 'pagez@example.com', created: 3000, lastLogin: 3000 },
    ];
    await insert(edges);
    await first.database.query('update users set email = $2 where id = $1', [before.nodes[19]?.id, 'gone@example.com']);
    try {
      const next = await list({ first: 20, after: endCursor ?? '', where, orderBy });
      expect(next.nodes.map(({ id }) => id)).toEqual(before.nodes.slice(20).map(({ id }) => id));
    } finally {
      const emails = edges.map(({ email }) => email);
      await first.database.query('delete from users where email = any($1)', [emails]);
      await first.database.query('update users set email = $2 where id = $1', [
        before.nodes[19]?.id,
        before.nodes[19]?.email,
      ]);
    }
  });

  test('between two cursors have the correct end', async () => {
    const orderBy = { field: 'EMAIL', direction: 'ASC' } as const;
    const { edges } = await list({ first: 30, where, orderBy });
    const ids = edges.map(({ node }) => node.id);
    const between = { after: edges[4]?.cursor ?? '', before: edges[9]?.cursor ?? '', where, orderBy };
    expect((await list({ first: 50, ...between })).nodes.map(({ id }) => id)).toEqual(ids.slice(5, 9));
    const last = await list({ last: 2, ...between });
    expect(last.nodes.map(({ id }) => id)).toEqual(ids.slice(7, 9));
    expect(last.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  });

  test('refuse a cursor of another order', async () => {
    const { endCursor } = (await list({ first: 1, where, orderBy: { field: 'EMAIL' } })).pageInfo;
    const { extensions } = await refusal(list({ after: endCursor ?? '', orderBy: { field: 'CREATED_AT' } }));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'after', code: 'INVALID_CURSOR' }] });
  });

  test.each([
    'x',
    'AAAAAAAAAAAAAAAAAAAAAA',
    'A'.repeat(2000),
    Buffer.from(`${'\u0001'.repeat(16)}99999999999999999`).toString('base64url'),
    "' or 1=1 --",
  ])('refuse an invalid cursor: %s', async (cursor) => {
    const { extensions } = await refusal(list({ after: cursor, before: cursor }));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'after' }, { path: 'before' }] });
    const { code } = await refusal(list({ first: 1, last: 1, after: cursor, orderBy: { field: 'EMAIL' } }));
    expect(code).toBe('BAD_USER_INPUT');
  });

  test('accept lengths from 0 to 100', async () => {
    for (const first of [-1, 101]) expect((await refusal(list({ first }))).code).toBe('BAD_USER_INPUT');
    expect((await list({ first: 0 })).nodes).toEqual([]);
    expect((await list({ first: 100 })).nodes).toHaveLength(100);
  });
});

/** So many others precede and follow the matches in each order: with none, the first rows are the page. */
describe.each([0, 600])('a filter that matches thousands behind %i others', (others) => {
  const size = 10_100;
  const end = 5000 + size;
  const insertUsers = (name: string, numbers: [first: number, last: number], columns: string) =>
    first.database.query(
      `insert into users (id, email, display_name, role_name, status, created_at, updated_at, last_login_at)
       select gen_random_uuid(), email || '@example.com', '${name} ' || n, 'USER', 'ACTIVE', created, $1, login
       from generate_series(${numbers}) n cross join lateral (select ${columns}) made (email, created, login)`,
      [at(5000)],
    );
  beforeAll(async () => {
    await insertUsers(
      'Crowd',
      [0, size - 1],
      `'crowd' || lpad((n * 7919 % ${size})::text, 5, '0'), $1::timestamptz + n * interval '1 minute',
       $1::timestamptz + (n * 31 % ${size}) * interval '1 second'`,
    );
    const minutes = (start: number) => `$1::timestamptz + (${start} + n) * interval '1 minute'`;
    await insertUsers('Other', [1, others], `'a-other' || n, ${minutes(-4000)}, ${minutes(-4000)}`);
    await insertUsers('Other', [1, others], `'z-other' || n, ${minutes(end)}, ${minutes(end)}`);
  });
  afterAll(() => first.database.query(`delete from users where email like 'crowd%' or email like '_-other%'`));

  const filters: UserFilter[] = [
    { name: 'crowd' },
    { createdFrom: at(4999), createdBefore: at(5010) },
    { lastLoginFrom: at(4999), lastLoginBefore: at(5010) },
    { name: 'crowd', createdFrom: at(4999), lastLoginFrom: at(4999) },
  ];
  const orders = (['EMAIL', 'CREATED_AT', 'LAST_LOGIN_AT'] as const).flatMap((field) =>
    (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })),
  );
  test.each(orders)('has the correct pages in the order %j', async (orderBy) => {
    const column = { EMAIL: 'email collate "C"', CREATED_AT: 'created_at', LAST_LOGIN_AT: 'last_login_at' }[
      orderBy.field
    ];
    const rows = await first.database.query<{ id: string }>(
      `select id from users where email like 'crowd%' order by ${column} ${orderBy.direction}, id ${orderBy.direction}`,
    );
    const ids = rows.map(({ id }) => id);
    for (const where of filters) {
      expect(await count(where)).toBe(1001);
      const begin = await list({ first: 100, where, orderBy });
      const next = await list({ first: 100, after: begin.pageInfo.endCursor ?? null, where, orderBy });
      const end = await list({ last: 100, where, orderBy });
      const found = [...begin.nodes, ...next.nodes, ...end.nodes].map(({ id }) => id);
      expect(found).toEqual([...ids.slice(0, 200), ...ids.slice(-100)]);
    }
    expect(await count({ name: 'crowd', email: 'crowd00' })).toBe(1000);
    const both = { name: 'crowd', email: 'crowd000' };
    const { nodes } = await list({ first: 100, where: both, orderBy });
    expect(nodes).toHaveLength(100);
    const half = await list({ first: 50, where: both, orderBy });
    const rest = await list({ first: 100, after: half.pageInfo.endCursor ?? null, where: both, orderBy });
    expect([...half.nodes, ...rest.nodes]).toEqual(nodes);
  });
});

describe('the cost of a page', () => {
  /** Without the background statements of the gateway, such as polling for mail. */
  async function costOf(work: () => Promise<unknown>): Promise<number> {
    const costs: number[] = [];
    for (let time = 0; time < 5; time += 1) costs.push(await counter.during(work));
    return Math.min(...costs);
  }
  const page = (first: number) => () => gateway.send(UsersWithAllDocument, { first }, admin.accessToken);

  test('is as many statements for a hundred users with role, locks, factors, sessions and audit entries as for one', async () => {
    // Opens connections and reads keys before the measurement.
    await page(100)();
    const one = await costOf(page(1));
    const hundred = await costOf(page(100));
    expect(hundred).toBe(one);
    // The caller's session; users, roles, locks, passkeys and secrets, sessions; ids and rows of audit entries, seals,
    // count.
    expect(one).toBeLessThanOrEqual(12);
  });

  test('is one more statement for the count, on request only', async () => {
    const counted = await costOf(() => count({}));
    const query = '{ users(first: 1) { nodes { id } } }';
    const plain = await costOf(() =>
      gateway.post({ query }, { authorization: `Bearer ${admin.accessToken}` }).then((response) => response.text()),
    );
    expect(counted - plain).toBe(1);
  });
});
