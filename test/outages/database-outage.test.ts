/** What the gateway does while PostgreSQL is down, silent, full, or in a wrong state, and after its recovery. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  registerUser,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  PasswordPolicyDocument,
  RegisterDocument,
  ResendVerificationEmailDocument,
  UpdateProfileDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { startTcpProxy, type TcpProxy } from '../support/proxies/tcp-proxy.ts';
import { until } from '../support/races/until.ts';

/** What the documentation promises, and an allowance for a busy machine. */
const promisedMs = 2000;
const toleranceMs = 400;

let database: TestDatabase;
let proxy: TcpProxy;
let gateway: TestGateway;
let email: string;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  gateway = await startTestGateway({ DATABASE_URL: proxy.url });
  email = await registerUser(gateway);
});
afterAll(async () => {
  await proxy.restore();
  await gateway.stop();
  await proxy.close();
  await database.drop();
});

function operations(session: SignedIn): Record<string, () => Promise<Response>> {
  const { accessToken, refreshToken } = session;
  return {
    'signing in': () => gateway.post(bodyOf(FullLoginDocument, { input: { email, password: goodPassword } })),
    registering: () =>
      gateway.post(bodyOf(RegisterDocument, { input: { email: newAddress(), password: goodPassword } })),
    'asking for a mail': () => gateway.post(bodyOf(ResendVerificationEmailDocument, { input: { email } })),
    'confirming an address': () => gateway.post(bodyOf(VerifyEmailDocument, { input: { token: 'a'.repeat(43) } })),
    refreshing: () => gateway.post(bodyOf(FullRefreshDocument, { input: { refreshToken } })),
    'signing out': () => gateway.post(bodyOf(LogoutDocument, { input: {} }), bearer(accessToken)),
    'signing out by refresh token': () => gateway.post(bodyOf(LogoutDocument, { input: { refreshToken } })),
    'seeing oneself': () => gateway.post(bodyOf(FullViewerDocument, {}), bearer(accessToken)),
    'changing oneself': () =>
      gateway.post(bodyOf(UpdateProfileDocument, { input: { displayName: 'Ada' } }), bearer(accessToken)),
  };
}

async function timed<T>(call: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now();
  const result = await call();
  return { result, ms: performance.now() - started };
}

function expectUnavailable(what: string, answer: Answer): void {
  const { extensions } = errorOf(answer);
  expect([what, answer.status, extensions.code]).toEqual([what, 503, 'SERVICE_UNAVAILABLE']);
  expect(Object.keys(extensions).sort()).toEqual(['code', 'requestId', 'retryAfter']);
  expect(extensions.retryAfter).toBeGreaterThanOrEqual(1);
  expect(answer.headers.get('retry-after')).toBe(String(extensions.retryAfter));
  expect(answer.text).not.toMatch(/ECONN|postgres|127\.0\.0\.1|select |timeout/i);
}

const healthy = () =>
  until('the gateway serves again', async () => {
    const answer = await answerOf(
      gateway.post(bodyOf(FullLoginDocument, { input: { email, password: goodPassword } })),
    );
    return answer.errors.length === 0 && (await fetch(`${gateway.url}/readyz`)).status === 200;
  });

const cutAll = {
  what: 'that is cut off',
  begin: () => proxy.cut(),
  end: () => proxy.restore(),
};
const frozen = {
  what: 'that takes connections and falls silent',
  begin: async () => proxy.freeze(),
  end: () => proxy.restore(),
};
const full = {
  what: 'that closes all connections and refuses new ones',
  begin: () => administer((name) => [`alter database ${name} connection limit 0`, terminateAll(name)]),
  end: () => administer((name) => [`alter database ${name} connection limit -1`]),
};

/** As the owner of the database, which needs no superuser. */
async function administer(statements: (name: string) => string[]): Promise<void> {
  const client = new pg.Client(inject('templateUrl').replace(/[^/]+$/, 'postern'));
  await client.connect();
  const name = new URL(database.url).pathname.slice(1);
  try {
    for (const statement of statements(name)) await client.query(statement);
  } finally {
    await client.end();
  }
}

const terminateAll = (name: string) =>
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;

describe.each([cutAll, frozen, full])('a database $what', ({ begin, end }) => {
  let session: SignedIn;
  beforeAll(async () => {
    session = await signIn(gateway, email);
    await begin();
  });
  afterAll(end);

  test('makes every operation that needs it unavailable, in time', async () => {
    for (const [what, send] of Object.entries(operations(session))) {
      const { result, ms } = await timed(() => answerOf(send()));
      expectUnavailable(what, result);
      expect([what, ms < promisedMs + toleranceMs]).toEqual([what, true]);
    }
  });

  test('does so for many parallel callers', async () => {
    const { ms } = await timed(() =>
      Promise.all(
        Array.from({ length: 40 }, async () => {
          expectUnavailable(
            'seeing oneself',
            await answerOf(gateway.post(bodyOf(FullViewerDocument, {}), bearer(session.accessToken))),
          );
        }),
      ),
    );
    expect(ms).toBeLessThan(promisedMs + 2 * toleranceMs);
  });

  test('does not affect operations that do not need it', async () => {
    const { result, ms } = await timed(() => answerOf(gateway.post(bodyOf(PasswordPolicyDocument, {}))));
    expect(result).toMatchObject({ status: 200, data: { passwordPolicy: { minLength: 8 } } });
    expect(ms).toBeLessThan(500);
    expect((await answerOf(gateway.post(bodyOf(FullViewerDocument, {})))).data).toEqual({ viewer: null });
    // No token can be checked now, so every caller is anonymous; operations for anonymous callers still work.
    const known = await answerOf(gateway.post(bodyOf(PasswordPolicyDocument, {}), bearer(session.accessToken)));
    expect(known.status).toBe(200);
  });

  test('fails readiness and not liveness', async () => {
    const live = await timed(() => fetch(`${gateway.url}/livez`));
    expect(live.result.status).toBe(200);
    expect(live.ms).toBeLessThan(500);
    const ready = await timed(() => answerOf(fetch(`${gateway.url}/readyz`)));
    expect(ready.result.status).toBe(503);
    expect(ready.result.text).toMatch(/^database: failed \(/m);
    expect(ready.ms).toBeLessThan(promisedMs + toleranceMs);
  });

  test('does not affect the published keys for token verifiers', async () => {
    const answer = await answerOf(fetch(`${gateway.url}/.well-known/jwks.json`));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ keys: [{ kty: 'EC' }, { kty: 'EC' }] });
  });

  test('is used again after its return without a restart, and every session is still valid', async () => {
    await end();
    await healthy();
    const viewer = await gateway.send(FullViewerDocument, {}, session.accessToken);
    expect(viewer.viewer?.email).toBe(email);
    // The client may repeat the refresh of the outage, whether it was committed or not.
    const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
    expect(refresh.session.id).toBe(session.session.id);
    const newcomer = await registerUser(gateway);
    expect((await signIn(gateway, newcomer)).viewer.email).toBe(newcomer);
  });
});

describe('a read-only database', () => {
  const begin = () =>
    administer((name) => [`alter database ${name} set default_transaction_read_only = on`, terminateAll(name)]);
  const end = () => administer((name) => [`alter database ${name} reset default_transaction_read_only`]);
  let session: SignedIn;
  beforeAll(async () => {
    session = await signIn(gateway, email);
    await begin();
  });
  afterAll(end);

  test('makes writing operations unavailable', async () => {
    const { 'signing in': login, registering, refreshing } = operations(session);
    for (const [what, send] of Object.entries({ login, registering, refreshing })) {
      if (!send) throw new Error(`there is no operation for ${what}`);
      expectUnavailable(what, await answerOf(send()));
    }
  });

  test('fails readiness and not liveness', async () => {
    const ready = await answerOf(fetch(`${gateway.url}/readyz`));
    expect(ready.status).toBe(503);
    expect(ready.text).toMatch(/^database: failed \(/m);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });

  test('is used again without a restart once it accepts writes', async () => {
    await end();
    await healthy();
    const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
    expect(refresh.session.id).toBe(session.session.id);
  });
});

describe('when the cached keys have expired', () => {
  afterEach(() => proxy.restore());

  test('and cannot be read, the cached keys are published, and operations that need the database answer 503, not 500', async () => {
    const { accessToken } = await signIn(gateway, email);
    await proxy.cut();
    gateway.clock.travel(120);
    expectUnavailable(
      'seeing oneself',
      await answerOf(gateway.post(bodyOf(FullViewerDocument, {}), bearer(accessToken))),
    );
    const jwks = await answerOf(fetch(`${gateway.url}/.well-known/jwks.json`));
    expect(jwks.status).toBe(200);
    expect(JSON.parse(jwks.text)).toMatchObject({ keys: [{ kty: 'EC' }, { kty: 'EC' }] });
    // Due for rotation: another instance may have replaced them.
    gateway.clock.travel(30 * 24 * 60 * 60);
    const due = await answerOf(fetch(`${gateway.url}/.well-known/jwks.json`));
    expectUnavailable('the keys', due);
    expect(due.headers.get('cache-control')).toBe('no-store');
    await proxy.restore();
    await healthy();
  });
});

test('a locked row makes a caller wait two seconds at most', async () => {
  const session = await signIn(gateway, email);
  const holder = new pg.Client(database.url);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from token_families where id = $1 for update', [session.session.id]);
    const { result, ms } = await timed(() =>
      answerOf(gateway.post(bodyOf(FullRefreshDocument, { input: { refreshToken: session.refreshToken } }))),
    );
    // The database answers; only this row is locked.
    expect(result.status).toBe(503);
    expect(errorOf(result).extensions.code).toMatch(/^SERVICE_(BUSY|UNAVAILABLE)$/);
    expect(result.headers.get('retry-after')).toMatch(/^[1-9]$/);
    expect(ms).toBeLessThan(promisedMs + toleranceMs);
  } finally {
    await holder.query('rollback');
    await holder.end();
  }
  const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
  expect(refresh.session.id).toBe(session.session.id);
});

describe('lost connections', { timeout: 60_000 }, () => {
  const poolMax = 2;

  /** A gateway with so few connections that the loss of one matters. */
  async function withSmallGateway(
    work: (small: TestGateway, link: TcpProxy, own: TestDatabase, person: string) => Promise<void>,
  ): Promise<void> {
    const own = await createTestDatabase();
    const link = await startTcpProxy(own.url);
    const small = await startTestGateway({
      DATABASE_URL: link.url,
      DATABASE_POOL_MAX: String(poolMax),
      EMAIL_VERIFICATION: 'off',
      LOCKOUT: '100/15m',
      RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
    });
    try {
      const person = newAddress();
      await small.send(RegisterDocument, { input: { email: person, password: goodPassword } });
      // Every connection of the pool is open now.
      await Promise.all(Array.from({ length: 2 * poolMax }, () => signIn(small, person)));
      await work(small, link, own, person);
      // Attempts of sign-ins that the outage interrupted expire after a while.
      small.clock.travel(60);
      const alive = await Promise.all(Array.from({ length: 3 * poolMax }, () => signIn(small, person)));
      expect(alive).toHaveLength(3 * poolMax);
    } finally {
      await link.forget();
      const stopped = small.stop().then(() => true);
      const timeout = new Promise<boolean>((resolve) => setTimeout(resolve, 15_000, false).unref());
      const inTime = await Promise.race([stopped, timeout]);
      await link.close();
      await own.drop();
      expect(inTime).toBe(true);
    }
  }

  const serves = (small: TestGateway, person: string) =>
    until('the gateway serves again', async () => {
      const answer = await answerOf(
        small.post(bodyOf(FullLoginDocument, { input: { email: person, password: goodPassword } })),
      );
      return answer.errors.length === 0;
    });

  const confirmSomething = (small: TestGateway) =>
    answerOf(small.post(bodyOf(VerifyEmailDocument, { input: { token: 'a'.repeat(43) } })));

  test('at the start of a transaction are replaced afterwards', async () => {
    await withSmallGateway(async (small, link, _own, person) => {
      link.freeze();
      const answers = await Promise.all(Array.from({ length: 2 * poolMax }, () => confirmSomething(small)));
      for (const answer of answers) expectUnavailable('confirming an address', answer);
      await link.restore();
      await serves(small, person);
    });
  });

  test('in the middle of a transaction are replaced afterwards', async () => {
    await withSmallGateway(async (small, link, own, person) => {
      const sessions = await Promise.all(Array.from({ length: poolMax }, () => signIn(small, person)));
      const holder = new pg.Client(own.url);
      await holder.connect();
      try {
        await holder.query('begin');
        await holder.query('select 1 from token_families for update');
        const endings = sessions.map(({ refreshToken }) =>
          answerOf(small.post(bodyOf(LogoutDocument, { input: { refreshToken } }))),
        );
        await until('they wait for the row', async () => {
          const waiting = await own.query(
            `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          );
          return waiting.length === poolMax;
        });
        await link.cut();
        for (const answer of await Promise.all(endings)) expectUnavailable('signing out', answer);
      } finally {
        await holder.end();
      }
      await link.restore();
      await serves(small, person);
    });
  });

  test('without a notice are replaced', async () => {
    await withSmallGateway(async (small, link, _own, person) => {
      link.freeze();
      const session = small.post(bodyOf(FullLoginDocument, { input: { email: person, password: goodPassword } }));
      expectUnavailable('signing in', await answerOf(session));
      await link.forget();
      await serves(small, person);
    });
  });
});

describe('a wrong database schema', () => {
  /** Renames a table while the work lasts. */
  async function without(table: string, work: () => Promise<void>): Promise<void> {
    await database.query(`alter table ${table} rename to ${table}_gone`);
    try {
      await work();
    } finally {
      await database.query(`alter table ${table}_gone rename to ${table}`);
    }
  }

  test.each(['users', 'token_families', 'audit_entries', 'roles'])(
    'is an internal error that reveals nothing: without %s',
    async (table) => {
      const session = await signIn(gateway, email);
      const linesBefore = gateway.logs.length;
      await without(table, async () => {
        const answers = [];
        for (const send of Object.values(operations(session))) answers.push(await answerOf(send()));
        const failed = answers.filter(({ errors }) => errors[0]?.extensions.code === 'INTERNAL_SERVER_ERROR');
        expect(failed.length).toBeGreaterThan(2);
        for (const answer of failed) {
          const { extensions, message } = errorOf(answer);
          expect(Object.keys(extensions).sort()).toEqual(['code', 'requestId']);
          expect(message).not.toMatch(/relation|table|column|sql/i);
          expect(answer.text).not.toMatch(new RegExp(`${table}|relation|42P01|select|insert|Exception`, 'i'));
          expect(answer.headers.get('x-request-id')).toBe(extensions.requestId);
          const lines = gateway.logs.filter((line) => line.includes(extensions.requestId) && /"level":50/.test(line));
          expect(lines).toHaveLength(1);
        }
        // The failure is found by the code, the place and the request id, without quoting it.
        for (const line of gateway.logs.slice(linesBefore)) {
          expect(line).not.toMatch(/relation "|does not exist|\b(select|insert into|update) /i);
          expect(line).not.toContain(email);
          expect(line).not.toContain(goodPassword);
        }
      });
      expect((await signIn(gateway, email)).viewer.email).toBe(email);
    },
  );
});
