/**
 * Sends 10,000 password guesses in every known form to a running gateway with the default limits, and counts in the
 * audit trail how many of them were compared with a password. Fails when a form exceeds its limit.
 *
 * `npm run build && node bench/brute-force.ts [guesses]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { type GuessRequest, passwordChecks, type Shape, shapes } from '../test/support/people/guess-shapes.ts';
import { environmentOf, type GatewayProcess, mainFile, startGateway } from './gateway-process.ts';

const guesses = Number(process.argv[2] ?? 10_000);
const atOnce = 64;
const password = 'Wander 7 lanterns';

/** After Ctrl-C the current requests end, and the gateway and its database are stopped. */
let interrupted = false;

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true;
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const client = new pg.Client(postgres.url);
  let gateway: GatewayProcess | null = null;
  try {
    await client.connect();
    gateway = await startGateway(folder, environmentOf(postgres.url, { TRUSTED_PROXIES: '127.0.0.0/8' }));
    for (const [index, shape] of shapes.entries()) {
      if (interrupted) break;
      const victim = `victim${index}@example.com`;
      createUser(folder, postgres.url, victim);
      await bruteForce(gateway.url, client, shape, victim, index + 1);
    }
  } finally {
    await gateway?.stop();
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function bruteForce(url: string, client: pg.Client, shape: Shape, victim: string, from: number): Promise<void> {
  const before = await checks(client);
  const startedAt = performance.now();
  const requests = shape.requests(victim, guesses, from);
  const statuses = new Map<number, number>();
  const waiting = [...requests];
  const work = async () => {
    for (let request = waiting.pop(); request && !interrupted; request = waiting.pop()) {
      const status = await send(url, request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const reached = (await checks(client)) - before;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const answers = [...statuses].map(([status, count]) => `${count} x ${status}`).join(', ');
  const verdict = reached <= shape.atMost ? '' : `  MORE THAN ${shape.atMost}`;
  process.stdout.write(
    `${String(reached).padStart(5)} of ${guesses} compared: ${shape.name} (${answers}; ${seconds} s)${verdict}\n`,
  );
  if (verdict) process.exitCode = 1;
}

async function checks(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(passwordChecks);
  return rows[0]?.count ?? 0;
}

async function send(url: string, { headers, body, search = '' }: GuessRequest): Promise<number> {
  const response = await fetch(
    `${url}/graphql${search}`,
    body === undefined ? { headers } : { method: 'POST', headers, body },
  );
  await response.arrayBuffer();
  return response.status;
}

function createUser(cwd: string, databaseUrl: string, email: string): void {
  const args = ['users', 'create', '--email', email, '--role', 'USER', '--password-stdin'];
  const env = environmentOf(databaseUrl);
  execFileSync(process.execPath, [mainFile, ...args], {
    cwd,
    env,
    input: `${password}\n`,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

await main();
