/** `/metrics`: its access, its counts, and that no input of a client becomes a series. */
import { describe, expect, test } from 'vitest';
import { mintApiKey } from '../../src/security/api-key.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullLoginDocument, FullRefreshDocument, FullViewerDocument } from '../support/generated/graphql.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { createApiKey, issueClientToken, machineOf } from '../support/people/api-keys.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';

const token = 'a-token-for-prometheus';
/** The metrics have their own port. */
const gateway = useGateway({ METRICS_TOKEN: token, RATE_LIMITS: 'register=1/1h' });
const apart = useGateway({ METRICS_PORT: '0' }, gateway);

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });

async function scrape(of = gateway): Promise<string> {
  const answer = await get(of.metricsUrl ?? `${of.url}/metrics`, bearer(token));
  expect(answer.status).toBe(200);
  return answer.text();
}

/** The value of a series, or 0. */
async function read(series: string, of = gateway): Promise<number> {
  const line = (await scrape(of)).split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

describe('access', () => {
  test('with the token returns Prometheus text, uncached', async () => {
    const answer = await get(`${gateway.url}/metrics`, bearer(token));
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toMatch(/^# HELP postern_sign_ins_total .+\n# TYPE postern_sign_ins_total counter$/m);
  });

  test.each([
    ['none', {}],
    ['another', bearer(`${token}x`)],
    ['a shorter one', bearer(token.slice(0, -1))],
    ['an empty one', { authorization: 'Bearer ' }],
  ])('with %s is answered with 401 and no number', async (_what, headers) => {
    const answer = await get(`${gateway.url}/metrics`, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.text()).not.toContain('postern_');
  });

  test('without token and port is off', async () => {
    const silent = await startTestGateway();
    expect((await get(`${silent.url}/metrics`)).status).toBe(404);
    expect((await get(`${silent.url}/metrics`, bearer(token))).status).toBe(404);
    expect(silent.metricsUrl).toBeNull();
    await silent.stop();
  });

  test('on a port of its own needs no token, serves nothing else, and the main port serves none', async () => {
    const url = apart.metricsUrl ?? '';
    expect(await (await get(url)).text()).toContain('postern_sign_ins_total');
    expect((await get(url.replace('/metrics', '/graphql'))).status).toBe(404);
    expect((await get(`${apart.url}/metrics`)).status).toBe(404);
  });
});

describe('the metrics count', () => {
  test('sign-ins and refreshes by outcome', async () => {
    const email = await registerUser(apart);
    const before = await read('postern_sign_ins_total{outcome="succeeded"}', apart);
    const first = await signIn(apart, email);
    await refusal(apart.send(FullLoginDocument, { input: { email, password: `${goodPassword} not` } }));
    await refusal(apart.send(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } }));
    expect(await read('postern_sign_ins_total{outcome="succeeded"}', apart)).toBe(before + 1);
    expect(await read('postern_sign_ins_total{outcome="wrong_password"}', apart)).toBe(1);
    expect(await read('postern_sign_ins_total{outcome="unknown_address"}', apart)).toBe(1);

    const refresh = (refreshToken: string) => apart.send(FullRefreshDocument, { input: { refreshToken } });
    await refresh(first.refreshToken);
    const successor = (await refresh(first.refreshToken)).refresh.refreshToken ?? '';
    await refresh(successor);
    apart.clock.travel(60);
    await refusal(refresh(first.refreshToken));
    await refusal(refresh('not a token'));
    for (const [outcome, times] of Object.entries({ rotated: 2, repeated: 1, reused: 1, not_ours: 1 })) {
      expect([outcome, await read(`postern_refreshes_total{outcome="${outcome}"}`, apart)]).toEqual([outcome, times]);
    }
    expect(await read('postern_token_reuse_total', apart)).toBe(1);
  });

  test('programs by credential and outcome, and requests of /oauth by route', async () => {
    const { accessToken } = await registerUserWithRole(apart, 'ADMIN');
    const { key } = await createApiKey(apart, accessToken);
    const token = await issueClientToken(apart, accessToken);
    for (const credential of [key, key, token]) await machineOf(apart, credential);
    for (const wrong of [mintApiKey('pat').key, `${key}x`]) await refusal(machineOf(apart, wrong));
    await fetch(`${apart.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' }),
    });
    const counts = {
      'postern_program_requests_total{credential="api_key",outcome="accepted"}': 2,
      'postern_program_requests_total{credential="api_key",outcome="unknown"}': 1,
      'postern_program_requests_total{credential="api_key",outcome="malformed"}': 1,
      'postern_program_requests_total{credential="client_token",outcome="accepted"}': 1,
      'postern_oauth_requests_total{route="/oauth/token",outcome="succeeded"}': 1,
      'postern_oauth_requests_total{route="/oauth/token",outcome="invalid_client"}': 1,
    };
    for (const [series, count] of Object.entries(counts))
      expect([series, await read(series, apart)]).toEqual([series, count]);
  });

  test('refusals by the name of the limit', async () => {
    // Invalid input is not counted.
    const register = (serial: number) =>
      gateway.post({
        query: `mutation { register(input: { email: "limited${serial}@example.com", password: "${goodPassword}" }) { status } }`,
      });
    await register(1);
    expect(await read('postern_rate_limited_total{limit="register"}')).toBe(0);
    await register(2);
    expect(await read('postern_rate_limited_total{limit="register"}')).toBe(1);
  });

  test('sent and waiting mails', async () => {
    await everythingIsSent(gateway.database);
    const [row] = await gateway.database.query<{ sent: number }>('select count(*)::int as sent from outbox_mails');
    const sent = 'postern_mails_total{outcome="sent"}';
    // Two gateways share the queue.
    expect((await read(sent)) + (await read(sent, apart))).toBe(row?.sent);
    await gateway.database.query(
      `insert into outbox_mails (id, kind, recipient_hash, state, attempts, created_at, next_attempt_at)
       select gen_random_uuid(), 'password_reset', 'x', state, 1, $1, $1::timestamptz + interval '10 years'
       from unnest(array['pending', 'pending', 'dead']) state`,
      [new Date(gateway.clock.now().getTime() - 90_000)],
    );
    expect(await read('postern_mails_pending')).toBe(2);
    expect(await read('postern_mails_dead')).toBe(1);
    expect(await read('postern_mail_oldest_waiting_seconds')).toBe(90);
    expect(await read('postern_database_up')).toBe(1);
  });

  test('more than 10,000 waiting mails as 10001', async () => {
    await gateway.database.query(
      `insert into outbox_mails (id, kind, recipient_hash, state, attempts, created_at, next_attempt_at)
       select gen_random_uuid(), 'many', 'x', 'pending', 1, $1, $1::timestamptz + interval '10 years'
       from generate_series(1, 10500)`,
      [gateway.clock.now()],
    );
    expect(await read('postern_mails_pending')).toBe(10_001);
    await gateway.database.query("delete from outbox_mails where kind = 'many'");
  });

  test('a mail that the gateway cannot create and keeps', async () => {
    const now = gateway.clock.now();
    await gateway.database.query(
      `insert into outbox_mails (id, kind, recipient_hash, content_sealed, state, attempts, created_at, next_attempt_at)
       values (gen_random_uuid(), 'unreadable', 'x', '\\x00', 'pending', 0, $1, $1)`,
      [now],
    );
    const broken = 'postern_mails_total{outcome="broken"}';
    await until('the mail was tried', async () => (await read(broken)) + (await read(broken, apart)) === 1);
    const [mail] = await gateway.database.query(
      `delete from outbox_mails where kind = 'unreadable'
       returning state, content_sealed is not null as kept, next_attempt_at > $1 as "triedAgain"`,
      [now],
    );
    expect(mail).toEqual({ state: 'pending', kept: true, triedAgain: true });
  });

  test('each number of the database separately', async () => {
    await gateway.database.query('alter table outbox_mails rename to gone');
    const text = await scrape();
    await gateway.database.query('alter table gone rename to outbox_mails');
    expect(text).not.toMatch(/^postern_mails_pending /m);
    expect(text).toMatch(/^postern_database_up 1$/m);
    expect(text).toMatch(/^postern_audit_entries_unsealed \d+$/m);
    await gateway.database.query('alter table audit_seals rename to gone');
    const other = await scrape();
    await gateway.database.query('alter table gone rename to audit_seals');
    expect(other).not.toMatch(/^postern_audit_entries_unsealed /m);
    expect(other).toMatch(/^postern_mails_pending \d+$/m);
  });

  test('errors by their code, internal ones with status 500', async () => {
    const series = (code: string) => `postern_errors_total{code="${code}"}`;
    const before = await read(series('INVALID_CREDENTIALS'));
    await refusal(gateway.send(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } }));
    expect(await read(series('INVALID_CREDENTIALS'))).toBe(before + 1);
    expect(await read(series('INTERNAL_SERVER_ERROR'))).toBe(0);
    const login = (accept: string) =>
      gateway.post(bodyOf(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } }), { accept });
    await gateway.database.query('alter table attempt_counters rename to gone');
    const answers = [await login('application/graphql-response+json'), await login('application/json')];
    await gateway.database.query('alter table gone rename to attempt_counters');
    expect(answers.map(({ status }) => status)).toEqual([500, 200]);
    for (const answer of answers) expect(await answer.text()).toContain('INTERNAL_SERVER_ERROR');
    expect(await read(series('INTERNAL_SERVER_ERROR'))).toBe(2);
  });

  test('requests by route, kind of operation and status, for any path and document', async () => {
    await gateway.send(FullViewerDocument, {});
    await get(`${gateway.url}/planted-path-1`);
    await gateway.post({ query: 'query PlantedName { plantedField }' });
    const text = await scrape();
    const counted = (labels: string) => text.includes(`postern_http_request_duration_seconds_count{${labels}}`);
    expect(counted('route="/graphql",operation="query",status="2xx"')).toBe(true);
    expect(counted('route="/graphql",operation="mutation",status="2xx"')).toBe(true);
    expect(counted('route="unknown",operation="none",status="4xx"')).toBe(true);
    expect(text).not.toMatch(/planted/i);
  });

  test('the hash queue, and the process', async () => {
    const text = await scrape();
    expect(text).toContain('postern_password_hashes{state="waiting"} 0');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
