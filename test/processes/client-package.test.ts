/** `@postern/client` as others get it: packed, unpacked beside nothing but what it may need, compiled, and run. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');

/** What a project has that uses the client alone, and with the links. @types/node is for the example with files. */
const needed = ['graphql', 'graphql-request', '@graphql-typed-document-node/core', '@types/node'];
const forLinks = ['@apollo/client', '@urql/core', '@urql/exchange-auth', 'rxjs'];

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'postern-client-'));
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project];
  await run('npm', pack, { cwd: join(root, 'packages/client') });
  const archive = (await readdir(project)).find((name) => name.endsWith('.tgz')) ?? 'none';
  await run('tar', ['-xzf', archive], { cwd: project });
  await cp(join(project, 'package'), join(project, 'node_modules/@postern/client'), { recursive: true });
  for (const name of [...needed, ...forLinks]) {
    const place = join(project, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(modules, name), place);
  }
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const program = `
import { createPosternClient, isPosternError, posternErrorIn, type LoginInput, type SignedIn } from '@postern/client';

export const postern = createPosternClient({ url: 'https://auth.example.com', onSessionEnd: ({ reason }) => reason === 'REVOKED' });
const input: LoginInput = { email: 'ada@example.com', password: '' };
const answer = await postern.login(input);
export const me: string = answer.__typename === 'AuthSession' ? answer.viewer.email : answer.ticket;
export const signedIn: SignedIn = await postern.verifyMfa({ ticket: '', method: 'TOTP', code: '' });
export const names: (string | null)[] = ((await postern.sessions({ first: 3 }))?.nodes ?? []).map((node) => node.deviceName);
export const made = (await postern.beginTotpEnrollment()).qrCode.startsWith('data:');
try {
  await postern.logout();
} catch (error) {
  if (isPosternError(error, 'RATE_LIMITED')) setTimeout(() => undefined, error.retryAfter * 1000);
  if (isPosternError(error, 'INVALID_CREDENTIALS', 'CONFLICT')) {
    const code: 'INVALID_CREDENTIALS' | 'CONFLICT' = error.code;
    // @ts-expect-error: only those that are about waiting always say how long
    const seconds: number = error.retryAfter;
    console.log(code, seconds, error.fields[0]?.path, error.requestId?.length);
  }
  // @ts-expect-error: there is no such code
  isPosternError(error, 'NO_SUCH_CODE');
  console.log(posternErrorIn(error)?.code);
}
// @ts-expect-error: the password is missing
await postern.login({ email: 'ada@example.com' });
// @ts-expect-error: how tokens travel is said once, when the client is made
await postern.loginWithPasskey({ response: {}, delivery: 'COOKIE' });
// @ts-expect-error: tokens are not handed out
console.log(signedIn.accessToken, signedIn.session.id);
`;

const links = `
import type { ApolloLink } from '@apollo/client';
import type { Exchange } from '@urql/core';
import { createPosternLink } from '@postern/client/apollo';
import { createPosternExchange } from '@postern/client/urql';
import { postern } from './main.js';

export const link: ApolloLink = createPosternLink(postern);
export const exchange: Exchange = createPosternExchange(postern);
`;

async function compile(files: Record<string, string>, options: object): Promise<string> {
  await rm(join(project, 'src'), { recursive: true, force: true });
  await mkdir(join(project, 'src'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(project, 'src', name), text);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
    types: [],
    ...options,
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const compiler = run(process.execPath, [join(modules, '.bin/tsc')], { cwd: project });
  return compiler.then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

const resolutions = [
  ['nodenext', { module: 'nodenext' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
] as const;

describe('a project that uses the client', { timeout: 120_000 }, () => {
  test.each(resolutions)(
    'compiles strictly, down to our declarations; wrong use does not (%s)',
    async (_name, options) => {
      expect(await compile({ 'main.ts': program }, options)).toBe('');
    },
  );

  // The declarations of Apollo Client do not pass the strictest options by themselves.
  test.each(resolutions)('compiles with both links (%s)', async (_name, options) => {
    const files = { 'main.ts': program, 'links.ts': links };
    expect(await compile(files, { ...options, skipLibCheck: true })).toBe('');
  });

  test('compiles what the guide shows', async () => {
    const guide = await readFile(join(root, 'docs/client.md'), 'utf8');
    const blocks = [...guide.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => text);
    expect(blocks).toHaveLength(4);
    const files = Object.fromEntries(blocks.map((text, index) => [`block-${index}.ts`, text]));
    expect(await compile(files, { module: 'nodenext', types: ['node'], skipLibCheck: true })).toBe('');
  });

  test('gets the operations of the client for its manifest of trusted documents', async () => {
    const names = await readdir(join(project, 'node_modules/@postern/client/operations'));
    expect(names.toSorted()).toEqual([
      'account.graphql',
      'second-factors.graphql',
      'session.graphql',
      'sessions.graphql',
    ]);
  });
});

/** Every file that is loaded with a module, as the process itself reports it; packages by their names. */
async function loadedWith(specifier: string): Promise<{ own: string[]; packages: string[]; builtin: string[] }> {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load: (url, context, next) => { loaded.add(url); return next(url, context); } });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify([...loaded]));
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: project });
  const urls: string[] = JSON.parse(stdout);
  const paths = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  const home = join(project, 'node_modules/@postern/client');
  return {
    own: paths.filter((path) => path.startsWith(home)).map((path) => relative(home, path)),
    packages: [...new Set(paths.map((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path))],
    builtin: urls.filter((url) => url.startsWith('node:')),
  };
}

describe('importing it', () => {
  test('brings its own folder, graphql-request and graphql, and nothing of Node', async () => {
    const { own, packages, builtin } = await loadedWith('@postern/client');
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((path) => !path.startsWith('dist/'))).toEqual([]);
    expect(packages.toSorted()).toEqual(['@postern/client', 'graphql', 'graphql-request']);
    expect(builtin).toEqual([]);
  });

  test.each([
    ['@postern/client/apollo', 'apollo.js', '@apollo/client'],
    ['@postern/client/urql', 'urql.js', '@urql/core'],
  ])('%s brings its library and the vocabulary of errors', async (specifier, file, library) => {
    const { own, packages } = await loadedWith(specifier);
    expect(new Set(own)).toEqual(new Set([`dist/${file}`, 'dist/postern-error.js']));
    expect(packages).toContain(library);
    expect(packages).not.toContain('graphql-request');
  });

  test('what is not exported stays inside', async () => {
    await expect(loadedWith('@postern/client/dist/session.js')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
