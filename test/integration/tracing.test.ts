/** Traces: which spans a request has, how they are linked, and who decides whether they are recorded. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bearer,
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { FullLoginDocument, FullRefreshDocument, FullViewerDocument } from '../support/generated/graphql.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/servers/otlp-receiver.ts';

let collector: OtlpReceiver;
let gateway: TestGateway;

const settings = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=planted%20collector%20key',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  OTEL_TRACES_SAMPLER: 'always_on',
  TRACE_USER_IDS: 'hashed',
  METRICS_PORT: '0',
});

beforeAll(async () => {
  collector = await startOtlpReceiver();
  gateway = await startTestGateway(settings());
});

afterAll(async () => {
  await gateway.stop();
  await collector.stop();
});

beforeEach(() => collector.forget());

const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);

/** The names from the first span of the trace to this one. */
function pathTo(spans: readonly ReceivedSpan[], { name, parentId }: ReceivedSpan): string[] {
  const parent = spans.find(({ spanId }) => spanId === parentId);
  return parent ? [...pathTo(spans, parent), name] : [name];
}

/** The spans of all requests of an operation, once so many have arrived whole. */
async function requestsOf(operation: string, count: number): Promise<ReceivedSpan[]> {
  const tracesIn = (all: readonly ReceivedSpan[]) => new Set(named(all, operation).map(({ traceId }) => traceId));
  const wholeIn = (all: readonly ReceivedSpan[]) => {
    const traces = tracesIn(all);
    return named(all, 'POST /graphql').filter(({ traceId }) => traces.has(traceId));
  };
  const spans = await collector.spansWith(`${count} times ${operation}`, (all) => wholeIn(all).length === count);
  const traces = tracesIn(spans);
  return spans.filter(({ traceId }) => traces.has(traceId));
}

const pathsOf = (spans: readonly ReceivedSpan[]) => spans.map((span) => pathTo(spans, span).join(' > '));

describe('the trace of a request', () => {
  test('of a sign-in has the request, the operation, its statements, and the hash with its wait', async () => {
    const email = await registerUser(gateway);
    collector.forget();
    await signIn(gateway, email);
    const spans = await collector.traceOf('mutation login');
    const paths = pathsOf(spans);
    expect(paths).toContain('POST /graphql > mutation login > hash > hash wait');
    expect(paths).toContain('POST /graphql > mutation login > hash > hash run');
    expect(paths.filter((path) => /^POST \/graphql > mutation login > [a-z_ ]+$/.test(path)).length).toBeGreaterThan(3);
    expect(paths.every((path) => path.startsWith('POST /graphql'))).toBe(true);
    const [request] = named(spans, 'POST /graphql');
    expect(request?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': '200',
    });
    expect(request?.resource).toMatchObject({
      'service.name': 'postern',
      'deployment.environment.name': 'test',
    });
    expect(collector.headers.at(-1)?.['x-collector-key']).toBe('planted collector key');
  });

  test('names the outcome of a refused operation, and no message', async () => {
    await refusal(gateway.send(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } }));
    const [operation] = named(await collector.traceOf('mutation login'), 'mutation login');
    expect(operation?.attributes).toEqual({ 'postern.operation': 'login', 'postern.outcome': 'INVALID_CREDENTIALS' });
  });

  test('names the user by a keyed hash, the same one each time', async () => {
    const { accessToken } = await signIn(gateway, await registerUser(gateway));
    await gateway.send(FullViewerDocument, {}, accessToken);
    await gateway.send(FullViewerDocument, {}, accessToken);
    const spans = await requestsOf('query viewer', 2);
    const users = named(spans, 'POST /graphql').map(({ attributes }) => attributes['enduser.pseudo.id']);
    expect(users[0]).toMatch(/^[\w-]{43}$/);
    expect(users[1]).toBe(users[0]);
  });

  test('has the same id in its log records', async () => {
    await gateway.send(FullViewerDocument, {});
    const [span] = await collector.traceOf('query viewer');
    const records = gateway.logs.filter((line) => line.includes(`"traceId":"${span?.traceId}"`));
    expect(records.some((line) => line.includes('"msg":"request"'))).toBe(true);
  });

  test('is linked through statements that concurrent requests share', async () => {
    const emails = await Promise.all(Array.from({ length: 6 }, () => registerUser(gateway)));
    const sessions = await Promise.all(emails.map((email) => signIn(gateway, email)));
    const count = 60;
    const tokens = Array.from({ length: count }, (_, index) => sessions[index % sessions.length]?.accessToken);
    await Promise.all(tokens.map((token) => gateway.send(FullViewerDocument, {}, token)));
    const spans = await requestsOf('query viewer', count);
    expect(named(spans, 'session')).toHaveLength(count);
    const statements = named(spans, 'token_states');
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.length).toBeLessThan(count);
    for (const span of [...named(spans, 'session'), ...statements]) {
      expect(pathTo(spans, span).slice(0, 2)).toEqual(['POST /graphql', 'session']);
    }
    // A statement belongs to one request, and no request owns the statement of a later batch.
    expect(new Set(statements.map(({ traceId }) => traceId)).size).toBe(statements.length);
  });

  test('is linked through the queue of hashes', async () => {
    const emails = await Promise.all(Array.from({ length: 12 }, () => registerUser(gateway)));
    await Promise.all(emails.map((email) => signIn(gateway, email)));
    const spans = await requestsOf('mutation login', emails.length);
    const runs = named(spans, 'hash run');
    expect(new Set(runs.map(({ traceId }) => traceId)).size).toBe(12);
    for (const run of runs) expect(pathTo(spans, run).join(' > ')).toMatch(/mutation login > hash > hash run$/);
    const waits = named(spans, 'hash wait').map(({ milliseconds }) => milliseconds);
    expect(Math.max(...waits)).toBeGreaterThan(Math.min(...waits) + 1);
  });

  test('of a mail begins in the worker, with its statements', async () => {
    await registerUser(gateway);
    const spans = await collector.traceOf('mail verify_email');
    expect(pathsOf(spans)).toContain('mail verify_email > update outbox_mails');
  });

  test('of several root fields or an invalid document has no name of the client', async () => {
    await gateway.post({ query: 'query PlantedName { a: passwordPolicy { minLength } viewer { id } }' });
    await gateway.post({ query: 'query PlantedName { planted }' });
    await fetch(`${gateway.url}/planted-path?planted=query`, { headers: { 'user-agent': 'planted agent' } });
    const spans = await collector.spansWith('three requests', (all) => named(all, 'GET unknown').length === 1);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['query', 'graphql', 'GET unknown']));
    expect(Buffer.concat(collector.bodies).toString('latin1')).not.toMatch(/planted/i);
  });
});

describe('a trace of another server', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const parentId = '00f067aa0ba902b7';
  const traceparent = `00-${traceId}-${parentId}-01`;
  const query = '{ passwordPolicy { minLength } }';

  test('is not continued for clients', async () => {
    await gateway.post({ query }, { traceparent });
    const spans = await collector.traceOf('query passwordPolicy');
    expect(spans.map((span) => span.traceId)).not.toContain(traceId);
  });

  test('does not raise the sampling rate for clients, and is continued for proxies', async () => {
    const other = await startOtlpReceiver();
    await gateway.end();
    const start = (environment: Record<string, string>) =>
      startTestGateway({
        ...settings(),
        OTEL_EXPORTER_OTLP_ENDPOINT: other.url,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0',
        ...environment,
      });
    const forged = await start({});
    await forged.post({ query }, { traceparent });
    await forged.stop();
    expect(other.spans()).toEqual([]);
    const proxied = await start({ TRUSTED_PROXIES: '127.0.0.1' });
    for (const header of ['', '00-00-00-01', `01-${traceId}-${parentId}-01`, `${traceparent}-x`]) {
      await proxied.post({ query }, { traceparent: header });
    }
    await proxied.post({ query }, { traceparent, tracestate: 'vendor=value' });
    await proxied.stop();
    const requests = named(other.spans(), 'POST /graphql');
    expect(requests).toMatchObject([{ traceId, parentId }]);
    await other.stop();
    gateway = await startTestGateway(settings());
  });
});

test('a collector that fails costs spans and no answers, and one log line', async () => {
  await gateway.stop();
  const failing = await startOtlpReceiver((response) => response.writeHead(500).end('x'.repeat(10_000_000)));
  gateway = await startTestGateway({ ...settings(), OTEL_EXPORTER_OTLP_ENDPOINT: failing.url });
  const dropped = async () => {
    const text = await (await fetch(gateway.metricsUrl ?? '')).text();
    return Number(/^postern_spans_dropped_total (\d+)$/m.exec(text)?.[1]);
  };
  expect(await dropped()).toBe(0);
  const answers: number[] = [];
  const ask = async () => {
    const answer = await gateway.post({ query: '{ passwordPolicy { minLength } }' });
    await answer.text();
    answers.push(answer.status);
  };
  for (let round = 0; round < 30; round += 1) await Promise.all(Array.from({ length: 50 }, ask));
  expect(new Set(answers)).toEqual(new Set([200]));
  await expect.poll(dropped, { timeout: 20_000 }).toBeGreaterThan(500);
  expect(gateway.logs.filter((line) => line.includes('spans could not be exported'))).toHaveLength(1);
  await failing.stop();
});

test('no header of the collector and no token is part of a span', async () => {
  const { accessToken } = await signIn(gateway, await registerUser(gateway));
  expect(bearer(accessToken).authorization).toContain(accessToken);
  await refusal(gateway.send(FullRefreshDocument, { input: { refreshToken: 'planted token' } }));
  expect(gateway.logs.join('')).not.toContain('planted collector key');
});
