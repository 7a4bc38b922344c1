/**
 * `npm run bench:collector -- --names 100000`: what does a collector of traces cost that accepts and never answers? Two gateways, one
 * with it and all traces recorded, serve so many requests with as many operation names; then both serve `viewer` on a
 * schedule, in turn. Fails when the collector costs more than 64 MB, or when it doubles p99 of `viewer` to more than 50 ms.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { startOtlpReceiver } from '../test/support/servers/otlp-receiver.ts';
import { ask, type Sent, send } from './cost/load.ts';
import { createUsers, operations, signIn, type Tokens } from './cost/users.ts';
import { environmentOf, startGateway } from './gateway-process.ts';
import { runOnSchedule } from './load/schedule.ts';
import { quantile } from './quantile.ts';

const { values: options } = parseArgs({ options: { names: { type: 'string', default: '100000' } } });
const names = Number(options.names);
const connections = 32;
const schedule = { rate: 100, seconds: 10 };
const rounds = 5;
const limits = { memoryMb: 64, p99Ms: 50 };

interface Variant {
  name: string;
  url: string;
  pid: number;
  times: number[];
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const silent = await startOtlpReceiver(() => undefined);
  const ending: (() => unknown)[] = [() => silent.stop(), () => rm(folder, { recursive: true, force: true })];
  ending.push(() => postgres.stop());
  try {
    const start = async (name: string, telemetry: Record<string, string>): Promise<Variant> => {
      // One issuer, so that both gateways accept the tokens of the first.
      const shared = { PUBLIC_URL: 'http://localhost:4000', LOG_LEVEL: 'error', RATE_LIMITS: 'authenticated=off' };
      const gateway = await startGateway(folder, environmentOf(postgres.url, { ...shared, ...telemetry }));
      ending.push(() => gateway.stop());
      return { name, url: gateway.url, pid: gateway.pid, times: [] };
    };
    const without = await start('no collector', {});
    const withSilent = await start('a silent collector', {
      OTEL_EXPORTER_OTLP_ENDPOINT: silent.url,
      OTEL_TRACES_SAMPLER: 'always_on',
    });
    await createUsers(without.url, postgres.url, 1);
    const session = await signIn(without.url, 0);
    for (const { url } of [without, withSilent]) await sendNames(url, session);
    await measure([without, withSilent], session);
    await report(without, withSilent);
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

const graphql = (query: string, { accessToken }: Tokens): Sent => ({
  method: 'POST',
  path: '/graphql',
  headers: { authorization: `Bearer ${accessToken}` },
  body: { query },
});

async function sendNames(url: string, session: Tokens): Promise<void> {
  let number = 0;
  const conversation = {
    next() {
      number += 1;
      return graphql(`query Name${number} { viewer { id } }`, session);
    },
    check({ text }: { text: string }) {
      if (!text.includes('"id"')) throw new Error(`the gateway answered ${text}`);
    },
  };
  await send(
    url,
    Array.from({ length: connections }, () => conversation),
    names,
  );
}

/** In turn, so that a change of the machine affects both. */
async function measure(variants: readonly Variant[], session: Tokens): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let round = 0; round < rounds; round += 1) {
    for (const { url, times } of round % 2 ? variants : variants.toReversed()) {
      await runOnSchedule(schedule, async (scheduledAt) => {
        await ask(url, graphql(operations.viewer, session), agent);
        times.push(performance.now() - scheduledAt);
      });
    }
  }
  agent.destroy();
}

async function report(without: Variant, withSilent: Variant): Promise<void> {
  const [one, other] = [await figuresOf(without), await figuresOf(withSilent)];
  if (other.memoryMb > one.memoryMb + limits.memoryMb) fail(`The memory grew by more than ${limits.memoryMb} MB.`);
  if (other.p99 > Math.max(limits.p99Ms, 2 * one.p99)) fail('The 99th percentile of viewer doubled.');
}

async function figuresOf({ name, pid, times }: Variant) {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  const figures = { memoryMb: Math.round(Number(kilobytes) / 1000), p99: quantile(times, 0.99) };
  const text = `p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${figures.p99.toFixed(1)} ms, at most ${figures.memoryMb} MB`;
  process.stdout.write(`${name.padEnd(20)}viewer ${text}\n`);
  return figures;
}

function fail(problem: string): void {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

await main();
