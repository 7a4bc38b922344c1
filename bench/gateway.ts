/**
 * CPU time of a request through @postern/gateway, beside a bare Hive Gateway on the same supergraph: `npm run bench:gateway`.
 * Both run in this process, one after the other, with the same subgraphs in a worker. Fails above the ratio of the design.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { createPosternGateway } from '@postern/gateway';
import { portOf } from '../test/support/servers/free-port.ts';

const worst = 1.2;
const rounds = 5;
const requests = 1500;
const atOnce = 8;
const body = JSON.stringify({ query: '{ products { name stock reviews { text } } }' });

if (process.argv.includes('--servers')) await serve();
else await compare();

/** The load and the servers behind the gateway: their CPU time is not that of the measured thread. */
async function serve(): Promise<void> {
  const { startPosternStandIn } = await import('../test/support/federation/postern-stand-in.ts');
  const { startShop } = await import('../test/support/federation/shop.ts');
  const { compose } = await import('../test/support/federation/compose.ts');
  const { parentPort } = await import('node:worker_threads');
  const postern = await startPosternStandIn();
  const { shop, reviews } = await startShop();
  const token = await postern.token({ permissions: ['stock:read'] });
  parentPort?.postMessage({ issuer: postern.url, token, sdl: compose('guild', [shop, reviews]) });
  parentPort?.on('message', async (url: string) => {
    const ask = async () => {
      // Every request differs: the gateway answers equal ones together.
      const id = crypto.randomUUID();
      const headers = { 'content-type': 'application/json', 'x-request-id': id, authorization: `Bearer ${token}` };
      const text = await (await fetch(url, { method: 'POST', headers, body })).text();
      if (text.includes('errors')) throw new Error(text);
    };
    const load = async () => {
      for (let left = requests / atOnce; left > 0; left -= 1) await ask();
    };
    await Promise.all(Array.from({ length: atOnce }, load));
    // Otherwise they keep the queries of all requests.
    for (const { requests: received } of [shop, reviews]) received.splice(0);
    parentPort.postMessage('done');
  });
}

async function compare(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { argv: ['--servers'] });
  const message = <Value>() => new Promise<Value>((resolve) => worker.once('message', resolve));
  const { issuer, sdl } = await message<{ issuer: string; sdl: string }>();
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, sdl);

  const { routerSecret } = await import('../test/support/federation/postern-stand-in.ts');
  const policies = { owner: () => true, weekday: () => true, never: () => false };
  const gateway = await createPosternGateway({ issuer, routerSecret, supergraph, port: 0, policies });
  const ours = await gateway.listen();
  const runtime = createGatewayRuntime({ supergraph: sdl, unifiedGraphHandler, logging: false });
  const server = createServer(runtime);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bare = `http://127.0.0.1:${portOf(server)}/graphql`;

  const measure = async (url: string): Promise<number> => {
    const before = process.threadCpuUsage();
    worker.postMessage(url);
    await message();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / requests;
  };
  for (const url of [bare, ours]) await measure(url);
  const times: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.bare.push(await measure(bare));
    times.ours.push(await measure(ours));
  }
  const [base, own] = [median(times.bare), median(times.ours)];
  const ratio = own / base;
  process.stdout.write(
    `CPU per request: Hive Gateway ${base.toFixed(0)} µs, with Postern ${own.toFixed(0)} µs, ratio ${ratio.toFixed(2)}\n`,
  );
  await gateway.close();
  server.close();
  server.closeAllConnections();
  await runtime.dispose();
  await worker.terminate();
  await rm(folder, { recursive: true });
  process.exitCode = ratio > worst ? 1 : 0;
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
