/**
 * `@postern/verify` as its users get it: packed, installed by npm into an empty project, and run; and the server
 * package.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerUser, signIn, startTestGateway } from '../support/gateway/gateway.ts';
import { createProject, type Project } from '../support/processes/installed-packages.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

describe('@postern/verify', () => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject(['@postern/verify']);
  }, 120_000);
  afterAll(() => project.remove());

  test('npm installs the package with jose and nothing else', () => {
    expect(project.installed).toEqual(['@postern/verify', 'jose']);
  });

  test('an import loads its own files and jose', async () => {
    const { own, packages, builtin } = await project.loadedWith('@postern/verify');
    expect(own).toEqual(['verify/dist/published-keys.js', 'verify/dist/revocations.js', 'verify/dist/verifier.js']);
    expect(packages).toEqual(['@postern/verify', 'jose']);
    expect(builtin).toEqual([]);
  });

  test('an import of an internal file fails', async () => {
    await expect(project.loadedWith('@postern/verify/dist/published-keys.js')).rejects.toThrow('NOT_EXPORTED');
  });

  test('the example for Fastify in docs/verify.md admits callers with a valid token only', async () => {
    const guide = await readFile(resolve(root, 'docs/verify.md'), 'utf8');
    const [, example = ''] = /^### Fastify\n\n```js\n(.*?)^```/ms.exec(guide) ?? [];
    const gateway = await startTestGateway();
    try {
      await project.link(['fastify']);
      const { accessToken, viewer } = await signIn(gateway, await registerUser(gateway));
      const options = `{ issuer: 'https://auth.example.com', jwksUrl: process.env.jwksUrl, now: () => new Date(process.env.now) }`;
      const script = `
        ${example.replace("{ issuer: 'https://auth.example.com' }", options)}
        const ask = async (authorization) => {
          const { statusCode, body } = await app.inject({ url: '/orders', headers: authorization ? { authorization } : {} });
          return [statusCode, JSON.parse(body)];
        };
        console.log(JSON.stringify([await ask('Bearer ' + process.env.token), await ask(), await ask('Bearer x.y.z')]));
      `;
      const output = await project.run(script, {
        jwksUrl: `${gateway.url}/.well-known/jwks.json`,
        token: accessToken,
        now: gateway.clock.now().toISOString(),
      });
      expect(JSON.parse(output)).toEqual([
        [200, { ordersOf: viewer.id }],
        [401, { problem: 'NO_CREDENTIALS' }],
        [401, { problem: 'TOKEN_INVALID' }],
      ]);
    } finally {
      await gateway.stop();
    }
  });

  test('the installed verifier accepts a token of the gateway', async () => {
    const gateway = await startTestGateway();
    try {
      const { accessToken, viewer } = await signIn(gateway, await registerUser(gateway));
      const script = `
        import { createVerifier } from '@postern/verify';
        const { issuer, jwksUrl, token, now } = process.env;
        const verify = createVerifier({ issuer, jwksUrl, now: () => new Date(now) });
        const { caller } = await verify('Bearer ' + token);
        const forged = await verify('Bearer ' + token.slice(0, -4) + 'AAAA');
        console.log(JSON.stringify({ userId: caller.userId, problem: forged.problem }));
      `;
      const output = await project.run(script, {
        issuer: 'https://auth.example.com',
        jwksUrl: `${gateway.url}/.well-known/jwks.json`,
        token: accessToken,
        now: gateway.clock.now().toISOString(),
      });
      expect(JSON.parse(output)).toEqual({ userId: viewer.id, problem: 'TOKEN_INVALID' });
    } finally {
      await gateway.stop();
    }
  });
});

describe('the repository', () => {
  test('publishes the server and the packages for its users', async () => {
    const privacyOf = async (path: string) => JSON.parse(await readFile(resolve(root, path), 'utf8')).private ?? false;
    expect(await privacyOf('package.json')).toBe(false);
    expect(await privacyOf('packages/client/package.json')).toBe(false);
    expect(await privacyOf('packages/verify/package.json')).toBe(false);
    expect(await privacyOf('packages/gateway/package.json')).toBe(false);
    expect(await privacyOf('packages/react/package.json')).toBe(false);
    expect(await privacyOf('packages/account/package.json')).toBe(true);
    expect(await privacyOf('packages/console/package.json')).toBe(true);
  });

  test('names no registry in its lock file', async () => {
    const lock = await readFile(resolve(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "https?:/);
  });

  test('has no importable server files', async () => {
    const script = "await import('postern/dist/bundle/main.js')";
    const imported = run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
    await expect(imported).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
