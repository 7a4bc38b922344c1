/**
 * `npm run bench:overload`: 500 sign-ins at once against the built gateway, and the latencies of `/livez` and `viewer`
 * meanwhile, beside those of the idle gateway. Fails when a sign-in gets another answer than a session or SERVICE_BUSY.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { ask, type Conversation, type Sent, send } from './cost/load.ts';
import { addressOf, createUsers, operations, password, signIn } from './cost/users.ts';
import { environmentOf, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const signIns = 500;
const idleRequests = 1000;

interface Probe {
  name: string;
  conversation: Conversation;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  try {
    const gateway = await startGateway(folder, environmentOf(postgres.url, { RATE_LIMITS: 'authenticated=off' }));
    try {
      await createUsers(gateway.url, postgres.url, signIns);
      await measure(gateway.url);
    } finally {
      await gateway.stop();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(url: string): Promise<void> {
  const { accessToken } = await signIn(url, 0);
  const headers = { authorization: `Bearer ${accessToken}` };
  const probes: Probe[] = [
    { name: '/livez', conversation: repeating({ method: 'GET', path: '/livez' }) },
    { name: 'viewer', conversation: repeating({ ...graphql(operations.viewer, {}), headers }) },
  ];
  for (const { conversation } of probes) await send(url, [conversation], idleRequests);
  const idle = await Promise.all(probes.map(({ conversation }) => send(url, [conversation], idleRequests)));
  const flood = { isRunning: true };
  const watched = probes.map(({ conversation }) => sendWhile(url, conversation, flood));
  const begun = performance.now();
  const counts = await signInAtOnce(url);
  const milliseconds = Math.round(performance.now() - begun);
  flood.isRunning = false;
  const busy = await Promise.all(watched);
  if (Object.keys(counts).some((kind) => kind !== 'session' && kind !== 'SERVICE_BUSY')) process.exitCode = 1;
  process.stdout.write(`${signIns} sign-ins in ${milliseconds} ms: ${JSON.stringify(counts)}\n`);
  for (const [index, { name }] of probes.entries()) {
    const [before, during] = [idle[index] ?? [], busy[index] ?? []].map((times) => quantile(times, 0.99).toFixed(1));
    process.stdout.write(`${name}: p99 ${before} ms idle, ${during} ms during the sign-ins\n`);
  }
}

/** @returns the number of answers by outcome */
async function signInAtOnce(url: string): Promise<Record<string, number>> {
  const outcomes = await Promise.all(Array.from({ length: signIns }, (_, user) => outcomeOf(url, user)));
  return Object.fromEntries(
    [...new Set(outcomes)].map((kind) => [kind, outcomes.filter((other) => other === kind).length]),
  );
}

async function outcomeOf(url: string, user: number): Promise<string> {
  const answer = await ask(url, graphql(operations.login, { input: { email: addressOf(user), password } })).catch(
    () => null,
  );
  if (answer === null) return 'lost';
  const { data, errors } = JSON.parse(answer.text);
  return data?.login?.accessToken ? 'session' : String(errors?.[0]?.extensions?.code);
}

async function sendWhile(url: string, conversation: Conversation, flood: { isRunning: boolean }): Promise<number[]> {
  const times: number[] = [];
  while (flood.isRunning) times.push(...(await send(url, [conversation], 20)));
  return times;
}

function repeating(sent: Sent): Conversation {
  return {
    next: () => sent,
    check({ status, text }) {
      if (status !== 200) throw new Error(`${sent.path} answered ${status}: ${text}`);
    },
  };
}

function graphql(query: string, variables: object): Sent {
  return { method: 'POST', path: '/graphql', body: { query, variables } };
}

await main();
