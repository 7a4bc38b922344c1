/** `postern gateway` as a process in front of Postern and a subgraph, and why it does not start. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { compose } from '../support/federation/compose.ts';
import { type Shop, startShop } from '../support/federation/shop.ts';
import { answerOf } from '../support/gateway/answer.ts';
import { bearer, registerUser, type SignedIn, signIn, startTestGateway } from '../support/gateway/gateway.ts';
import { createProcessRunner, mainFile, type RunningProcess } from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

const root = resolve(import.meta.dirname, '../..');
const secret = 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';
const env = { ROUTER_SECRET: secret, PUBLIC_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'silent' };

const runner = createProcessRunner();
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await runner.clear();
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** The server as npm installs it, without optional packages. @param others packages beside it */
async function installation(others: readonly string[] = []): Promise<string> {
  const folder = await runner.folder();
  const home = join(folder, 'node_modules/postern');
  await cp(dirname(mainFile), join(home, 'dist/bundle'), { recursive: true });
  await cp(join(root, 'package.json'), join(home, 'package.json'));
  for (const name of ['argon2', 'bcrypt', ...others]) {
    const place = join(folder, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(root, 'node_modules', name), place);
  }
  await writeFile(join(folder, 'supergraph.graphql'), 'type Query { a: Int }');
  return folder;
}

test('without its packages it ends with code 2, and says what to install', { timeout: 60_000 }, async () => {
  const cwd = await installation();
  const main = join(cwd, 'node_modules/postern/dist/bundle/main.js');
  const result = await runner.run(['gateway', '--supergraph', 'supergraph.graphql'], { cwd, env, main });
  expect(result).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('npm install @postern/gateway') });
  expect(result.stderr).toContain('@graphql-hive/gateway-runtime');
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
});

test('with wrong settings it ends with code 2, and names each', async () => {
  const { code, stderr } = await runner.run(['gateway', '--port', 'x'], { env: { GATEWAY_MAX_DEPTH: '0' } });
  expect(code).toBe(2);
  for (const name of ['SUPERGRAPH', 'ROUTER_SECRET', 'GATEWAY_PORT', 'GATEWAY_MAX_DEPTH'])
    expect(stderr).toContain(`  ${name}: `);
});

describe('in front of Postern and a shop', () => {
  interface Graph {
    cwd: string;
    shop: Shop;
    session: SignedIn;
    env: Record<string, string>;
  }

  async function createGraph(): Promise<Graph> {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const postern = await startTestGateway({ ROUTER_SECRET: secret, PORT: `${port}`, PUBLIC_URL: issuer });
    const shop = await startShop();
    stops.push(postern.stop, shop.stop);
    const typeDefs = await readFile(join(root, 'schema/subgraph.graphql'), 'utf8');
    const subgraphs = [{ name: 'accounts', url: `${issuer}/graphql`, typeDefs }, shop.shop, shop.reviews];
    const cwd = await runner.folder();
    await writeFile(join(cwd, 'supergraph.graphql'), compose('guild', subgraphs));
    const policies = 'export const owner = ({ caller }) => caller !== null;\nexport default { never: () => false };\n';
    await writeFile(join(cwd, 'policies.mjs'), policies);
    await writeFile(join(cwd, 'all-policies.mjs'), `${policies}export const weekday = () => true;\n`);
    const session = await signIn(postern, await registerUser(postern));
    return { cwd, shop, session, env: { ROUTER_SECRET: secret, PUBLIC_URL: issuer, SHUTDOWN_DELAY: '2s' } };
  }

  async function start({ cwd, env: settings }: Graph): Promise<{ url: string; process: RunningProcess }> {
    const port = await freePort();
    const args = [
      'gateway',
      '--supergraph',
      'supergraph.graphql',
      '--port',
      `${port}`,
      '--policies',
      'all-policies.mjs',
    ];
    const process = runner.start(args, { cwd, env: settings });
    await process.says('The gateway serves');
    return { url: `http://127.0.0.1:${port}`, process };
  }

  const ask = (url: string, query: string, headers: Record<string, string> = {}) =>
    answerOf(
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      }),
    );

  test('it answers, refuses a session within three seconds of its end, and drains', { timeout: 90_000 }, async () => {
    const graph = await createGraph();
    const { url, process } = await start(graph);
    const { accessToken, viewer } = graph.session;
    const caller = { ...bearer(accessToken), 'x-postern-identity': 'planted' };
    const price = '{ product(id: "1") { price } viewer { id } report(year: 2026) }';

    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const signedIn = await ask(url, price, caller);
    expect([signedIn.errors, signedIn.data]).toMatchObject([[], { product: { price: 10 }, viewer: { id: viewer.id } }]);
    const received = graph.shop.shop.requests.map(({ headers }) => headers);
    expect(received.length).toBeGreaterThan(0);
    for (const { authorization, cookie, 'x-postern-identity': identity } of received) {
      expect([authorization, cookie]).toEqual([undefined, undefined]);
      expect(decodeJwt(String(identity))).toMatchObject({ aud: 'shop', sub: viewer.id });
    }
    const anonymous = await ask(url, '{ product(id: "1") { price } }', { 'x-postern-identity': 'planted' });
    expect(anonymous.errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', coordinate: 'Product.price' });
    expect(JSON.stringify(graph.shop.shop.requests)).not.toContain('planted');

    const { errors } = await ask(url, 'mutation { logout(input: {}) { revoked } }', caller);
    expect(errors).toEqual([]);
    const reason = async () => (await ask(url, '{ product(id: "1") { price } }', caller)).errors[0]?.extensions.reason;
    await until('the refusal of the ended session', async () => (await reason()) === 'SESSION_REVOKED', 3000);

    process.send('SIGTERM');
    await until('the end of readiness', async () => (await fetch(`${url}/readyz`)).status === 503, 2000);
    expect((await ask(url, '{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect(await process.endsWithin(9000)).toMatchObject({ code: 0, stderr: '' });
  });

  test('it does not start on a wrong supergraph, policy or port', { timeout: 90_000 }, async () => {
    const graph = await createGraph();
    const { cwd, env: settings } = graph;
    const startWith = (...args: string[]) => runner.run(['gateway', ...args], { cwd, env: settings });
    await writeFile(join(cwd, 'broken.graphql'), 'type {');
    for (const file of ['nothing.graphql', 'broken.graphql']) {
      const { code, stderr } = await startWith('--supergraph', file);
      expect([code, stderr]).toEqual([2, expect.stringContaining('postern: The supergraph cannot be read')]);
    }
    const missing = await startWith('--supergraph', 'supergraph.graphql', '--policies', 'policies.mjs');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('weekday')]);
    const noModule = await startWith('--supergraph', 'supergraph.graphql', '--policies', 'nothing.mjs');
    expect([noModule.code, noModule.stderr]).toEqual([2, expect.stringContaining('GATEWAY_POLICIES: ')]);
    const { url } = await start(graph);
    const { port } = new URL(url);
    const all = ['--supergraph', 'supergraph.graphql', '--policies', 'all-policies.mjs', '--port', port];
    const busy = await startWith(...all);
    expect([busy.code, busy.stderr]).toEqual([1, expect.stringContaining(`GATEWAY_PORT ${port} is in use`)]);
  });
});
