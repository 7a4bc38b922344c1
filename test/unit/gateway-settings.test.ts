/** The settings of `postern gateway`: what it needs, its defaults, and the problems of wrong values. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { createPosternGateway } from '../../packages/gateway/src/gateway.ts';
import type { GatewayPackage } from '../../src/cli/gateway.ts';
import { ConfigError } from '../../src/config/error.ts';
import { gatewayProblems, gatewaySettings, readGatewayConfig } from '../../src/config/gateway.ts';

const secret = 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';
const needed = { SUPERGRAPH: 'supergraph.graphql', ROUTER_SECRET: secret };

function problemsOf(environment: Record<string, string>, given: Record<string, string> = {}): readonly string[] {
  try {
    readGatewayConfig(given, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-gateway-'));
  await writeFile(join(folder, 'documents.json'), '{"a":"{ a }"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the gateway', () => {
  test('needs a supergraph and the secret of the router, and in production the address of Postern', () => {
    const missing = ['SUPERGRAPH: is missing', 'ROUTER_SECRET: is missing'].map((text) =>
      expect.stringContaining(text),
    );
    expect(problemsOf({})).toEqual(missing);
    const address = expect.stringContaining('PUBLIC_URL: is missing');
    expect(problemsOf({ NODE_ENV: 'production', SUPERGRAPH: ' ' })).toEqual([...missing, address]);
  });

  test('has the defaults of its guide in development', () => {
    expect(readGatewayConfig({}, needed)).toEqual({
      options: {
        supergraph: 'supergraph.graphql',
        routerSecret: secret,
        issuer: 'http://localhost:4000',
        port: 4001,
        host: '127.0.0.1',
        maxCost: 1000,
        maxDepth: 12,
        limits: { perCaller: '600/1m', perSource: '300/1m' },
        trustedProxies: [],
        introspection: true,
        environment: 'development',
      },
      policies: null,
      logLevel: 'warn',
      shutdownDelaySeconds: 0,
    });
  });

  test('needs neither a database, a secret nor a mail server in production, and closes introspection', () => {
    const production = { ...needed, NODE_ENV: 'production', PUBLIC_URL: 'https://auth.example.com/' };
    const { options, logLevel, shutdownDelaySeconds } = readGatewayConfig({}, production);
    expect(options).toMatchObject({
      issuer: 'https://auth.example.com',
      host: '0.0.0.0',
      introspection: false,
      environment: 'production',
    });
    expect([logLevel, shutdownDelaySeconds]).toEqual(['info', 5]);
  });

  test('takes the other settings, and the command line before them', () => {
    const documents = join(folder, 'documents.json');
    const config = readGatewayConfig(
      { GATEWAY_PORT: '0', SUPERGRAPH: 'https://graph.example.com/supergraph' },
      {
        ...needed,
        HOST: '::1',
        GATEWAY_PORT: '4500',
        GATEWAY_POLICIES: 'policies.js',
        GATEWAY_LIMITS: 'source=off',
        GATEWAY_MAX_COST: '10',
        GATEWAY_MAX_DEPTH: '5',
        TRUSTED_DOCUMENTS: documents,
        TRUSTED_PROXIES: '10.0.0.0/8',
        REDIS_URL: 'redis://localhost:6379',
        METRICS_TOKEN: 'metrics-token-0123456789abcdef',
        INTROSPECTION: 'false',
      },
    );
    expect(config).toMatchObject({
      options: {
        port: 0,
        host: '::1',
        supergraph: 'https://graph.example.com/supergraph',
        limits: { perCaller: '600/1m' },
        maxCost: 10,
        maxDepth: 5,
        trustedDocuments: documents,
        trustedProxies: ['10.0.0.0/8'],
        redisUrl: 'redis://localhost:6379',
        metricsToken: 'metrics-token-0123456789abcdef',
        introspection: false,
      },
      policies: 'policies.js',
    });
    expect(config.options.limits).not.toHaveProperty('perSource');
  });

  test.each([
    ['SUPERGRAPH', 'ftp://graph.example.com/supergraph'],
    ['SUPERGRAPH', 'http://graph.example.com/supergraph'],
    ['SUPERGRAPH', 'https://ada:planted@graph.example.com/supergraph'],
    ['GATEWAY_PORT', '65536'],
    ['GATEWAY_PORT', 'planted'],
    ['GATEWAY_MAX_COST', '0'],
    ['GATEWAY_MAX_DEPTH', '-1'],
    ['GATEWAY_LIMITS', 'callers=1/1m'],
    ['GATEWAY_LIMITS', 'caller=1'],
    ['GATEWAY_LIMITS', 'caller=600/1m;source=1/1m'],
    ['ROUTER_SECRET', 'planted'],
    ['REDIS_URL', 'redis+sentinel://planted:26379/mymaster'],
    ['TRUSTED_DOCUMENTS', '/planted/nowhere.json'],
    ['TRUSTED_PROXIES', 'planted'],
  ])('refuses %s=%s, without the value', (name, value) => {
    const problems = problemsOf({ ...needed, [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    expect(problems.join()).not.toContain('planted');
  });

  test('accepts http for this machine', () => {
    expect(problemsOf({ ...needed, SUPERGRAPH: 'http://127.0.0.1:4100/supergraph' })).toEqual([]);
  });
});

test('the package takes what the command passes', () => {
  expectTypeOf<typeof createPosternGateway>().toExtend<GatewayPackage['createPosternGateway']>();
});

test('the doctor examines the settings of the gateway where a supergraph is set', () => {
  expect(gatewayProblems({ GATEWAY_LIMITS: 'x' })).toEqual([]);
  expect(gatewayProblems({ ...needed, GATEWAY_LIMITS: 'x' })).toEqual([expect.stringMatching(/^GATEWAY_LIMITS: /)]);
});

test('the guide lists the settings of the gateway', async () => {
  const guide = await readFile(new URL('../../docs/gateway.md', import.meta.url), 'utf8');
  for (const name of Object.keys(gatewaySettings)) expect(guide).toContain(`\`${name}\``);
});

test('a plain installation of the server contains neither the gateway nor its engine', async () => {
  const lock: { packages: Record<string, Record<string, Record<string, string>>> } = JSON.parse(
    await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  );
  const installed = new Set<string>();
  const open = Object.keys(lock.packages['']?.dependencies ?? {}).map((name) => `node_modules/${name}`);
  const placeOf = (name: string, from: string): string | undefined => {
    const own = `${from}/node_modules/${name}`;
    if (lock.packages[own]) return own;
    const [outer] = /^.*(?=\/node_modules\/)/.exec(from) ?? [];
    return outer === undefined ? `node_modules/${name}` : placeOf(name, outer);
  };
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (installed.has(place)) continue;
    installed.add(place);
    for (const name of Object.keys(lock.packages[place]?.dependencies ?? {})) open.push(placeOf(name, place) ?? '');
  }
  expect(installed.size).toBeGreaterThan(100);
  expect([...installed].filter((place) => /@graphql-hive|@postern\//.test(place))).toEqual([]);
});
