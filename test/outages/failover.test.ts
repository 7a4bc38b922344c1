/** Several servers in DATABASE_URL: the loss of the primary, a primary that was replaced, and a server that stops writing. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  lockoutOff,
  newAddress,
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
  RegisterDocument,
} from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';
import { type PostgresPair, type PostgresServer, startPostgresPair } from '../support/servers/postgres-pair.ts';

const token = 'a-token-of-this-test';
const rarelyMs = 60_000;
const settings = { ...lockoutOff, EMAIL_VERIFICATION: 'off', METRICS_TOKEN: token };

const readiness = async ({ url }: TestGateway) => {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, text: await answer.text() };
};
const metrics = async ({ url }: TestGateway) => (await fetch(`${url}/metrics`, { headers: bearer(token) })).text();

async function register(gateway: TestGateway): Promise<string> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return email;
}

describe('a primary with a synchronous standby', { timeout: 240_000 }, () => {
  let pair: PostgresPair;
  let gateway: TestGateway;
  beforeEach(async () => {
    pair = await startPostgresPair({ synchronous: true });
    // The standby is the first host: it is skipped.
    const DATABASE_URL = pair.url([pair.standby, pair.primary], '?target_session_attrs=read-write');
    gateway = await startTestGateway({ DATABASE_URL, ...settings });
  }, 240_000);
  afterEach(async () => {
    await gateway?.stop();
    await pair?.stop();
  });

  test('is used although the standby is named first, and is replaced by it within five seconds of the promotion', async () => {
    const email = await register(gateway);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => signIn(gateway, email)));
    expect(await readiness(gateway)).toMatchObject({
      status: 200,
      text: expect.stringContaining('database-role: ok (primary)'),
    });
    const clients = sessions.map(refreshUntilStopped(gateway));
    await until('every client has refreshed', () => clients.every(({ answered }) => answered.length > 3));
    await pair.primary.kill();
    await until('the standby is reported', async () => {
      const { status, text } = await readiness(gateway);
      return status === 503 && text.includes('database-role: failed (read-only');
    });
    await pair.promote();
    const promotedAt = performance.now();
    const before = clients.map(({ answered }) => answered.length);
    await until('every client refreshes again', () =>
      clients.every(({ answered }, index) => answered.length > (before[index] ?? 0)),
    );
    expect(performance.now() - promotedAt).toBeLessThan(5000);
    await Promise.all(clients.map((client) => client.stop()));
    expect(clients.flatMap(({ refused }) => refused)).toEqual([]);
    for (const { answered } of clients) {
      const last = answered.at(-1);
      const { viewer } = await gateway.send(FullViewerDocument, {}, last?.accessToken);
      expect(viewer?.email).toBe(email);
    }
    const reuses = `select 1 from audit_entries where action = 'token.reuse_detected'`;
    expect(await query(pair, pair.standby, reuses)).toEqual([]);
    await until('the failover is recorded', async () => (await failovers(pair)).length > 0, 20_000);
    expect(await failovers(pair)).toEqual([{ details: { timeline: 2 } }]);
    expect(await metrics(gateway)).toContain('postern_database_failovers_total 1');
    expect(await metrics(gateway)).toContain('postern_database_role{role="primary"} 1');
  });

  test('that freezes is replaced, too', async () => {
    const email = await register(gateway);
    await pair.primary.freeze();
    await pair.promote();
    const promotedAt = performance.now();
    const login = bodyOf(FullLoginDocument, { input: { email, password: goodPassword } });
    await until('a user signs in', async () => (await answerOf(gateway.post(login))).errors.length === 0);
    expect(performance.now() - promotedAt).toBeLessThan(5000);
  });
});

describe('a primary with an asynchronous standby', { timeout: 240_000 }, () => {
  let pair: PostgresPair;
  beforeEach(async () => {
    pair = await startPostgresPair({ synchronous: false });
  }, 240_000);
  afterEach(() => pair?.stop());

  async function withGateway(url: string, work: (gateway: TestGateway) => Promise<void>): Promise<void> {
    // The mail worker would find each read-only connection within milliseconds.
    const gateway = await startTestGateway({ DATABASE_URL: url, ...settings }, undefined, rarelyMs);
    try {
      await work(gateway);
    } finally {
      await gateway.stop();
    }
  }

  test('that accepts writes beside the promoted standby is left, and seals nothing afterwards', async () => {
    const both = pair.url([pair.primary, pair.standby], '?target_session_attrs=read-write');
    await withGateway(both, async (gateway) => {
      await register(gateway);
      await pair.promote();
      await until('the gateway uses the new primary', async () => (await failovers(pair)).length > 0, 30_000);
      const email = await register(gateway);
      const found = (server: PostgresServer) => query(pair, server, `select 1 from users where email = '${email}'`);
      expect([await found(pair.primary), await found(pair.standby)]).toEqual([[], [{ '?column?': 1 }]]);
      await pair.standby.kill();
      await until(
        'the former primary is reported',
        async () =>
          (await readiness(gateway)).text.includes('database-role: failed (another server has replaced this primary'),
        20_000,
      );
      const seals = () =>
        query<{ count: number }>(pair, pair.primary, 'select count(*)::int as count from audit_seals');
      const before = await seals();
      await register(gateway);
      await expect(gateway.end()).resolves.toBeUndefined();
      expect(await seals()).toEqual(before);
    });
  });

  test('that is lost takes unreplicated commits with it: no session ends, no token counts as reused, and the loss is reported', async () => {
    const both = pair.url([pair.primary, pair.standby], '?target_session_attrs=read-write');
    await withGateway(both, async (gateway) => {
      const email = await register(gateway);
      const [kept, ahead] = [await signIn(gateway, email), await signIn(gateway, email)];
      await pair.cutReplication();
      const { refresh: lost } = await gateway.send(FullRefreshDocument, {
        input: { refreshToken: ahead.refreshToken },
      });
      const lostEmail = await register(gateway);
      const unsealed = `select from audit_entries e where not exists (select from audit_seals s where s.entry_id = e.id)`;
      await until('the lost entries are sealed', async () => (await query(pair, pair.primary, unsealed)).length === 0);
      await pair.primary.kill();
      await pair.promote();
      await until('the gateway uses the new primary', async () => (await failovers(pair)).length > 0, 30_000);
      expect(await query(pair, pair.standby, `select from users where email = '${lostEmail}'`)).toEqual([]);
      // The client holds a refresh token of a generation that the database does not know.
      const refused = bodyOf(FullRefreshDocument, { input: { refreshToken: lost.refreshToken } });
      expect(errorOf(await answerOf(gateway.post(refused))).extensions.code).toBe('INVALID_REFRESH_TOKEN');
      for (const { accessToken } of [lost, kept]) {
        expect((await gateway.send(FullViewerDocument, {}, accessToken)).viewer?.email).toBe(email);
      }
      await gateway.send(FullRefreshDocument, { input: { refreshToken: kept.refreshToken } });
      const ended = `select from token_families where revoked_at is not null`;
      const reused = `select from audit_entries where action = 'token.reuse_detected'`;
      expect([await query(pair, pair.standby, ended), await query(pair, pair.standby, reused)]).toEqual([[], []]);
      const isReported = async () => (await metrics(gateway)).includes('postern_audit_trail_went_back_total 1');
      await until('the sealer reports the loss', isReported, 20_000);
    });
  });

  test('that stops accepting writes loses every connection at its first answer', async () => {
    await withGateway(pair.url([pair.primary]), async (gateway) => {
      const email = await register(gateway);
      await Promise.all(Array.from({ length: 8 }, () => signIn(gateway, email)));
      const sessions = () =>
        query<{ pid: number }>(
          pair,
          pair.primary,
          `select pid from pg_stat_activity where application_name = 'postern'`,
        );
      const before = (await sessions()).map(({ pid }) => pid);
      expect(before.length).toBeGreaterThan(4);
      await pair.primary.query('alter system set default_transaction_read_only = on');
      await pair.primary.query('select pg_reload_conf()');
      const login = bodyOf(FullLoginDocument, { input: { email, password: goodPassword } });
      expect(errorOf(await answerOf(gateway.post(login))).extensions.code).toBe('SERVICE_UNAVAILABLE');
      // Idle connections would be closed after ten seconds.
      const isGone = async () => (await sessions()).every(({ pid }) => !before.includes(pid));
      await until('no earlier connection is open', isGone, 3000);
    });
  });
});

/** At the server that was the standby. */
function failovers(pair: PostgresPair) {
  const text = `select details from audit_entries where action = 'database.failover_observed'`;
  return query<{ details: object }>(pair, pair.standby, text);
}

interface RefreshingClient {
  answered: { accessToken: string; refreshToken: string }[];
  /** Codes of errors other than SERVICE_UNAVAILABLE and SERVICE_BUSY. */
  refused: string[];
  stop(): Promise<void>;
}

/** Refreshes again and again, with the last token that it received. */
const refreshUntilStopped =
  (gateway: TestGateway) =>
  ({ accessToken, refreshToken }: SignedIn): RefreshingClient => {
    const answered = [{ accessToken, refreshToken }];
    const refused: string[] = [];
    let isStopped = false;
    async function refresh(): Promise<void> {
      while (!isStopped) {
        const { refreshToken: last } = answered.at(-1) ?? { refreshToken };
        try {
          const { refresh: next } = await gateway.send(FullRefreshDocument, { input: { refreshToken: last } });
          answered.push({ accessToken: next.accessToken, refreshToken: next.refreshToken ?? '' });
        } catch (error) {
          const code = /"code":"(\w+)"/.exec(JSON.stringify(error))?.[1] ?? String(error);
          if (!/^SERVICE_(UNAVAILABLE|BUSY)$/.test(code)) refused.push(code);
        }
      }
    }
    const ended = refresh();
    return {
      answered,
      refused,
      stop() {
        isStopped = true;
        return ended;
      },
    };
  };

/** Reads the database of the gateway, at one server. */
async function query<Row extends object>(pair: PostgresPair, server: PostgresServer, text: string): Promise<Row[]> {
  const client = new pg.Client(pair.url([server]));
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
