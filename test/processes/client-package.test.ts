/** `@postern/client` as its users get it: packed, installed by npm into an empty project, compiled, and run. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodPassword, registerUser, startTestGateway } from '../support/gateway/gateway.ts';
import { createProject, type Project } from '../support/processes/installed-packages.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

let project: Project;
beforeAll(async () => {
  project = await createProject(['@postern/client', 'graphql']);
}, 120_000);
afterAll(() => project.remove());

test('npm installs the client with graphql-request and no package of the server', () => {
  const needed = ['@graphql-typed-document-node/core', '@postern/client', 'graphql', 'graphql-request'];
  expect(project.installed).toEqual(needed);
});

test('the installed client signs in, refreshes and signs out', { timeout: 60_000 }, async () => {
  const gateway = await startTestGateway();
  try {
    const email = await registerUser(gateway);
    const script = `
      import { createPosternClient } from '@postern/client';
      const { url, email, password } = process.env;
      const client = createPosternClient({ url });
      await client.login({ email, password });
      await client.refresh();
      console.log((await client.viewer()).email);
      await client.logout();
      console.log(await client.viewer());
    `;
    const output = await project.run(script, { url: gateway.url, email, password: goodPassword });
    expect(output).toBe(`${email}\nnull\n`);
  } finally {
    await gateway.stop();
  }
});

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
  await rm(join(project.folder, 'src'), { recursive: true, force: true });
  await mkdir(join(project.folder, 'src'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(project.folder, 'src', name), text);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
    types: [],
    ...options,
  };
  await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const compiler = run(process.execPath, [join(root, 'node_modules/.bin/tsc')], { cwd: project.folder });
  return compiler.then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

const resolutions = [
  ['nodenext', { module: 'nodenext' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
] as const;

/** For the links, and for the example of the guide that reads files. */
const linked = ['@apollo/client', '@urql/core', '@urql/exchange-auth', 'rxjs', '@types/node'];

describe('a project that uses the client', { timeout: 120_000 }, () => {
  beforeAll(() => project.link(linked));

  test.each(resolutions)(
    'compiles strictly with our declarations, and wrong use does not compile (%s)',
    async (_name, options) => {
      expect(await compile({ 'main.ts': program }, options)).toBe('');
    },
  );

  // The declarations of Apollo Client fail under the strictest options.
  test.each(resolutions)('compiles with both links (%s)', async (_name, options) => {
    const files = { 'main.ts': program, 'links.ts': links };
    expect(await compile(files, { ...options, skipLibCheck: true })).toBe('');
  });

  test('compiles the code of the guide', async () => {
    const guide = await readFile(join(root, 'docs/client.md'), 'utf8');
    const blocks = [...guide.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => text);
    expect(blocks).toHaveLength(6);
    const files = Object.fromEntries(blocks.map((text, index) => [`block-${index}.ts`, text]));
    expect(await compile(files, { module: 'nodenext', types: ['node'], skipLibCheck: true })).toBe('');
  });

  test('resolves the operations of the client for its manifest of trusted documents', async () => {
    const names = await readdir(join(project.folder, 'node_modules/@postern/client/operations'));
    expect(names.toSorted()).toEqual([
      'account.graphql',
      'api-keys.graphql',
      'codes.graphql',
      'federation.graphql',
      'live.graphql',
      'phones.graphql',
      'second-factors.graphql',
      'session.graphql',
      'sessions.graphql',
    ]);
  });
});

describe('an import', () => {
  test('of the client loads its own files, graphql-request and graphql, and nothing of Node', async () => {
    const { own, packages, builtin } = await project.loadedWith('@postern/client');
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((path) => !path.startsWith('client/dist/'))).toEqual([]);
    expect(packages).toEqual(['@postern/client', 'graphql', 'graphql-request']);
    expect(builtin).toEqual([]);
  });

  test.each([
    ['@postern/client/apollo', 'apollo.js', '@apollo/client'],
    ['@postern/client/urql', 'urql.js', '@urql/core'],
  ])('of %s loads its library and the errors', async (specifier, file, library) => {
    const { own, packages } = await project.loadedWith(specifier);
    expect(own).toEqual([`client/dist/${file}`, 'client/dist/errors/postern-error.js'].toSorted());
    expect(packages).toContain(library);
    expect(packages).not.toContain('graphql-request');
  });

  test('of an internal file fails', async () => {
    await expect(project.loadedWith('@postern/client/dist/session/session.js')).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });
});
