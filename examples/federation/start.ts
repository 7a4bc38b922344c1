/** Postern, a subgraph of another team and a gateway in front of both, in one terminal: `npm run example:federation`. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPosternGateway } from '@postern/gateway';
import { createVerifier } from '@postern/verify';
import { startReviews } from './reviews.ts';
import { composeSupergraph } from './supergraph.ts';

const issuer = 'http://localhost:4000';
/** The secret that the gateway and Postern share. In production: a secret of the deployment. */
const routerSecret = randomBytes(32).toString('base64url');

const postern = spawn(process.execPath, ['dist/bundle/main.js', 'serve'], {
  env: { ...process.env, PORT: '4000', ROUTER_SECRET: routerSecret, TRUSTED_PROXIES: '127.0.0.1' },
  stdio: 'inherit',
});
const ended = once(postern, 'exit');
const told = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolve);
});

await Promise.race([untilReady(), ended]);
if (postern.exitCode !== null) process.exit(1);

const verify = createVerifier({ issuer, tokens: 'identity', audience: 'reviews' });
const reviews = await startReviews({ verify, port: 4001 });
const subgraphs = [
  { name: 'accounts', url: `${issuer}/graphql` },
  { name: 'reviews', url: reviews.url },
];
const folder = await mkdtemp(join(tmpdir(), 'postern-federation-'));
const supergraph = join(folder, 'supergraph.graphql');
await writeFile(supergraph, await composeSupergraph(subgraphs, routerSecret));
const gateway = await createPosternGateway({
  issuer,
  routerSecret,
  supergraph,
  port: 4100,
  environment: 'development',
});
process.stdout.write(`
  The graph      ${await gateway.listen()}
  Postern        ${issuer}/graphql
  Reviews        ${reviews.url}, for the gateway alone

  Next: examples/federation/README.md
`);

await Promise.race([told, ended]);
postern.kill('SIGTERM');
await Promise.all([gateway.close(), reviews.stop(), ended]);
await rm(folder, { recursive: true });

async function untilReady(): Promise<void> {
  for (;;) {
    const ready = await fetch(`${issuer}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
