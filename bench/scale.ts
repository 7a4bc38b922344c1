/**
 * `npm run bench:scale`: requests a second and CPU per request of the built gateway, for the steps of docs/scale.md: one
 * gateway, a gateway behind PgBouncer in transaction mode, and two gateways. Prints the table of that page.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { startPgBouncer } from '../test/support/proxies/pgbouncer.ts';
import { cpuMsOf } from './cost/cpu-time.ts';
import { type Conversation, send } from './cost/load.ts';
import { createUsers, operations, signIn, type Tokens } from './cost/users.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';

const connections = 16;
const warmUp = 2000;
const requests = 8000;
const limits = ['refresh', 'anonymous', 'authenticated'].map((name) => `${name}=off`).join(',');
const settings = {
  RATE_LIMITS: limits,
  SECRET: randomBytes(32).toString('base64'),
  RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
};

type Close = () => unknown;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const closers: Close[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startEmbeddedPostgres(folder);
    closers.push(() => postgres.stop());
    const start = async (environment: Record<string, string> = {}) => {
      const gateway = await startGateway(folder, { ...environmentOf(postgres.url, settings), ...environment });
      closers.push(() => gateway.stop());
      return gateway;
    };
    const one = await start();
    await createUsers(one.url, postgres.url, connections);
    const pooler = await startPgBouncer(postgres.url, 'transaction');
    closers.push(() => pooler.stop());
    const pooled = { DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: postgres.url, DATABASE_POOLER: 'transaction' };
    const behind = await start(pooled);
    const other = await start();
    process.stdout.write(`${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads, ${connections} connections\n`);
    process.stdout.write('| step | operation | requests a second | gateway CPU per request |\n|---|---|---|---|\n');
    await measure('one gateway', [one]);
    await measure('behind PgBouncer', [behind]);
    await measure('two gateways', [one, other]);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function measure(step: string, gateways: readonly GatewayProcess[]): Promise<void> {
  for (const [name, conversationOf] of Object.entries({ viewer, refresh })) {
    const talks = await Promise.all(
      gateways.map(async ({ url }) => {
        const sessions: Tokens[] = [];
        // One after the other: the bench is not about the queue of password hashes.
        for (let user = 0; user < connections; user += 1) sessions.push(await signIn(url, user));
        return { url, conversations: sessions.map(conversationOf) };
      }),
    );
    const run = (count: number) =>
      Promise.all(talks.map(({ url, conversations }) => send(url, conversations, count / talks.length)));
    await run(warmUp);
    const before = await cpuOf(gateways);
    const begun = performance.now();
    await run(requests);
    const seconds = (performance.now() - begun) / 1000;
    const micros = (((await cpuOf(gateways)) - before) * 1000) / requests;
    process.stdout.write(`| ${step} | ${name} | ${Math.round(requests / seconds)} | ${Math.round(micros)} µs |\n`);
  }
}

async function cpuOf(gateways: readonly GatewayProcess[]): Promise<number> {
  const times = await Promise.all(gateways.map(({ pid }) => cpuMsOf(pid)));
  return times.reduce((sum, time) => sum + time, 0);
}

function viewer({ accessToken }: Tokens): Conversation {
  const headers = { authorization: `Bearer ${accessToken}` };
  return {
    next: () => ({ method: 'POST', path: '/graphql', headers, body: { query: operations.viewer } }),
    check: ({ text }) => expectData(text),
  };
}

function refresh(tokens: Tokens): Conversation {
  let { refreshToken } = tokens;
  return {
    next: () => ({
      method: 'POST',
      path: '/graphql',
      body: { query: operations.refresh, variables: { input: { refreshToken } } },
    }),
    check({ text }) {
      expectData(text);
      refreshToken = JSON.parse(text).data.refresh.refreshToken;
    },
  };
}

function expectData(text: string): void {
  if (JSON.parse(text).errors) throw new Error(`an unexpected answer: ${text}`);
}

await main();
