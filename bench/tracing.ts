/**
 * `npm run bench:tracing`: CPU per `viewer` without an endpoint, with a tenth of the traces and with all of them, each
 * sent to a collector. Fails when a tenth costs more than 3 %.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { startOtlpReceiver } from '../test/support/servers/otlp-receiver.ts';
import { cpuMsOf } from './cost/cpu-time.ts';
import { scenariosOf } from './cost/scenarios.ts';
import { createUsers, signIn } from './cost/users.ts';
import { environmentOf, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '8' } } });
const rounds = Number(options.rounds);
const connections = 64;
const maxShare = 0.03;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const collector = await startOtlpReceiver();
  const ending: (() => unknown)[] = [() => collector.stop(), () => rm(folder, { recursive: true, force: true })];
  ending.push(() => postgres.stop());
  try {
    const start = async (name: string, telemetry: Record<string, string>) => {
      // One issuer, so that all gateways accept the tokens of the first.
      const shared = { PUBLIC_URL: 'http://localhost:4000', LOG_LEVEL: 'warn', RATE_LIMITS: 'authenticated=off' };
      const gateway = await startGateway(folder, environmentOf(postgres.url, { ...shared, ...telemetry }));
      ending.push(() => gateway.stop());
      return { name, gateway, cpu: [] as number[] };
    };
    const traced = (share: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: share });
    const off = await start('no endpoint', {});
    const sampled = await start('a tenth of the traces', traced('0.1'));
    const all = await start('all traces', traced('1'));
    await measure([off, sampled, all], postgres.url, () => collector.forget());
    const medians = [off, sampled, all].map(({ name, cpu }) => ({ name, ms: quantile(cpu, 0.5) }));
    for (const { name, ms } of medians) process.stdout.write(`${name.padEnd(24)}${(ms * 1000).toFixed(1)} µs\n`);
    const share = quantile(sampled.cpu, 0.5) / quantile(off.cpu, 0.5) - 1;
    process.stdout.write(`A tenth of the traces costs ${(share * 100).toFixed(1)} %; ${maxShare * 100} % may.\n`);
    if (share > maxShare) process.exitCode = 1;
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

interface Variant {
  gateway: { url: string; pid: number };
  cpu: number[];
}

/** Rounds are interleaved, so that a change of the machine affects all variants. The first one warms up. */
async function measure(variants: readonly Variant[], databaseUrl: string, forget: () => void): Promise<void> {
  const [first] = variants;
  if (!first) return;
  await createUsers(first.gateway.url, databaseUrl, connections);
  const sessions: Awaited<ReturnType<typeof signIn>>[] = [];
  for (let user = 0; user < connections; user += 1) sessions.push(await signIn(first.gateway.url, user));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { gateway, cpu } of round % 2 ? variants : variants.toReversed()) {
      const viewer = scenariosOf({ gateway: gateway.url, constantAnswer: '', sessions }).find(
        ({ name }) => name === 'viewer',
      );
      const before = await cpuMsOf(gateway.pid);
      await viewer?.run(connections, viewer.requests);
      if (round > 0) cpu.push(((await cpuMsOf(gateway.pid)) - before) / (viewer?.requests ?? 1));
      forget();
    }
  }
}

await main();
