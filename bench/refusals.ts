import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { getIntrospectionQuery } from 'graphql';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { costlyDocuments, many, signIn } from '../test/support/gateway/costly-documents.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';

const rounds = Number(process.argv[2] ?? 20);
const warmUps = 3;
const routerSecret = 'only-the-router-and-the-bench-know';

interface Costly {
  what: string;
  path: string;
  init: RequestInit;
}

interface Measured {
  what: string;
  statuses: Set<number>;
  /** Milliseconds until the response. */
  times: number[];
  /** Milliseconds of `/livez`, requested meanwhile. */
  waits: number[];
}

const json = { 'content-type': 'application/json' };
const post = (what: string, body: string, headers: Record<string, string> = json): Costly => ({
  what,
  path: '/graphql',
  init: { method: 'POST', headers, body },
});
const asking = (what: string, query: string, variables = {}, headers = {}) =>
  post(what, JSON.stringify({ query, variables }), { ...json, ...headers });

const representations = (count: number) =>
  Array.from({ length: count }, () => ({ __typename: 'User', id: '01981c9e-6f00-7a3b-8c4d-5e6f708192a3' }));
const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';

const asRouter = { 'router-authorization': routerSecret };
const login = 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }';

/** Each is two bytes of UTF-8. They are not in canonical order, so normalisation has to sort them. */
const marks = '\u0345\u0362\u035f\u035d\u0301\u0323\u0327\u0316'.repeat(95_000 / 16);
/** So many numbers of one digit, with their commas, fill a body. */
const largest = 48_000;
const wide = (fields: number) => Object.fromEntries(Array.from({ length: fields }, (_, n) => [`f${n}`, 0]));

const costly: Costly[] = [
  ...costlyDocuments.map(([what, document]) => asking(what, document)),
  asking('the question for the schema, where that is off', getIntrospectionQuery()),
  asking('names that are nearly right', `{ ${many(300, (n) => `viewr${n}`)} }`),
  asking(
    'long pages by variable',
    `query ($n: Int) { ${many(60, (n) => `v${n}: viewer { sessions(first: $n) { nodes { id } } }`)} }`,
    { n: 100 },
  ),
  asking('a thousand entities', entities, { of: representations(1000) }, asRouter),
  post(
    'variables 40,000 levels deep',
    `{"query":"mutation ($i: LogoutInput!) { logout(input: $i) { revoked } }","variables":{"i":{"refreshToken":${'['.repeat(40_000)}${']'.repeat(40_000)}}}}`,
  ),
  asking('95 kB of combining marks in a variable', login, { input: { email: marks, password: 'x' } }),
  asking(
    '95 kB of combining marks in the document',
    `mutation { register(input: {email: "a@example.com", password: "x", displayName: "${marks}"}) { __typename } }`,
  ),
  asking('the largest list in a variable', entities, { of: Array(largest).fill(0) }, asRouter),
  asking('the largest object in a variable', login, { input: wide(largest / 6) }),
  post('five hundred operations in one body', JSON.stringify(Array(500).fill({ query: `mutation { ${signIn} }` }))),
  post('a body of 150 kB', `"${'x'.repeat(150_000)}"`),
  post('a body of brackets', '['.repeat(99_000)),
  post('a body of text', '{"query":"{ __typename }"}', { 'content-type': 'text/plain' }),
  { what: 'a mutation by GET', path: `/graphql?query=${encodeURIComponent(`mutation { ${signIn} }`)}`, init: {} },
];

async function main(): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  let gateway: GatewayProcess | null = null;
  try {
    const settings = {
      SANDBOX: 'false',
      INTROSPECTION: 'false',
      ROUTER_SECRET: routerSecret,
      RATE_LIMITS: 'anonymous=off',
    };
    gateway = await startGateway(folder, environmentOf(postgres.url, settings));
    const all: Measured[] = [];
    for (const request of [{ what: '(a question that is answered)', ...ordinary }, ...costly]) {
      if (interruption.signal.aborted) break;
      all.push(await measure(gateway.url, request));
    }
    report(all);
  } finally {
    await gateway?.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The reference for the others. */
const ordinary = { path: '/graphql', init: { method: 'POST', headers: json, body: '{"query":"{ __typename }"}' } };

async function measure(url: string, { what, path, init }: Costly): Promise<Measured> {
  const measured: Measured = { what, statuses: new Set(), times: [], waits: [] };
  for (let round = -warmUps; round < rounds; round += 1) {
    const answered = new AbortController();
    const waits = askMeanwhile(url, answered.signal);
    // The other connection is busy before the request is sent.
    await new Promise((wake) => setTimeout(wake, 10));
    const startedAt = performance.now();
    const response = await fetch(`${url}${path}`, init);
    await response.arrayBuffer();
    const ms = performance.now() - startedAt;
    answered.abort();
    if (round < 0) continue;
    measured.statuses.add(response.status);
    measured.times.push(ms);
    measured.waits.push(...(await waits));
  }
  return measured;
}

async function askMeanwhile(url: string, signal: AbortSignal): Promise<number[]> {
  const waits: number[] = [];
  while (!signal.aborted) {
    const startedAt = performance.now();
    await (await fetch(`${url}/livez`)).arrayBuffer();
    waits.push(performance.now() - startedAt);
  }
  return waits;
}

function report(all: readonly Measured[]): void {
  const pad = (value: number) => value.toFixed(1).padStart(7);
  process.stdout.write('    best  median     max   others  status (ms)\n');
  for (const { what, statuses, times, waits } of all) {
    const sorted = times.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    const columns = [Math.min(...times), median, Math.max(...times), Math.max(...waits)].map(pad).join(' ');
    process.stdout.write(`${columns}  ${[...statuses].join(',')}  ${what}\n`);
  }
  const refusals = all.slice(1);
  const longest = Math.max(...refusals.flatMap(({ times }) => times));
  const wait = Math.max(...refusals.flatMap(({ waits }) => waits));
  const alone = Math.max(...(all[0]?.waits ?? []));
  process.stdout.write(`longest refusal ${longest.toFixed(1)} ms; others waited ${wait.toFixed(1)} ms at most, `);
  process.stdout.write(`beside an ordinary question ${alone.toFixed(1)} ms\n`);
  const taken = refusals.filter(({ statuses }) => [...statuses].some((status) => status < 400 || status >= 500));
  for (const { what, statuses } of taken) process.stdout.write(`NOT REFUSED: ${what} (${[...statuses].join(', ')})\n`);
  if (taken.length > 0) process.exitCode = 1;
}

await main();
