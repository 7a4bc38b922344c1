/** Postern, a subgraph of another team and a router in front of both, in one terminal: `npm run example:federation`. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createVerifier } from '@postern/verify';
import { startReviews } from './reviews.ts';
import { startRouter } from './router.ts';
import { composeSupergraph } from './supergraph.ts';

const issuer = 'http://localhost:4000';
/** The secret that router and subgraphs share. In production: a secret of the deployment, the same in all of them. */
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

const verify = createVerifier({ issuer });
const reviews = await startReviews({ verify, routerSecret, port: 4001 });
const subgraphs = [
  { name: 'postern', url: `${issuer}/graphql` },
  { name: 'reviews', url: reviews.url },
];
const supergraphSdl = await composeSupergraph(subgraphs, routerSecret);
const router = await startRouter({ supergraphSdl, verify, routerSecret, port: 4100 });
process.stdout.write(`
  The graph      ${router.url}
  Postern        ${issuer}/graphql
  Reviews        ${reviews.url}, for the router alone

  Next: examples/federation/README.md
`);

await Promise.race([told, ended]);
postern.kill('SIGTERM');
await Promise.all([router.stop(), reviews.stop(), ended]);

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
