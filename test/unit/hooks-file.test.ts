/** HOOKS: what is accepted, and that every problem of the file is reported without a value. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-hooks-'));
  await writeFile(join(folder, 'policy.mjs'), 'export default () => null;');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const byUrl = { point: 'beforeSignIn', url: 'https://policy.example.com/', secret, onFailure: 'refuse' };
const byModule = { point: 'customizeClaims', module: './policy.mjs', onFailure: 'continue' };

async function read(content: unknown, more: Record<string, string> = {}) {
  const path = join(folder, 'hooks.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readConfig({ HOOKS: path, ...more });
}

async function problemsOf(content: unknown, more: Record<string, string> = {}): Promise<string> {
  const error = await read(content, more).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ConfigError ? error.problems.join('\n') : 'no problem';
}

describe('the file of hooks', () => {
  test('names addresses and modules, relative to itself', async () => {
    const { hooks } = await read([byUrl, { ...byModule, timeout: '200ms' }, { point: 'sendMail', ...location() }]);
    expect(hooks).toEqual([
      {
        point: 'beforeSignIn',
        target: { url: byUrl.url, secret: Buffer.alloc(32, 7) },
        timeoutMs: 1000,
        onFailure: 'refuse',
      },
      {
        point: 'customizeClaims',
        target: { module: join(folder, 'policy.mjs') },
        timeoutMs: 200,
        onFailure: 'continue',
      },
      { point: 'sendMail', target: { module: join(folder, 'policy.mjs') }, timeoutMs: 1000, onFailure: 'refuse' },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '[', 'HOOKS: use the path of a JSON file'],
    ['an unknown point', [{ ...byUrl, point: 'beforeLogout' }], 'HOOKS: 0.point:'],
    ['an unknown member', [{ ...byUrl, retries: 3 }], 'HOOKS: 0: Unrecognized key'],
    ['two hooks of one point', [byUrl, { ...byModule, point: 'beforeSignIn' }], 'HOOKS: two hooks have one point'],
    ['a missing module', [{ ...byModule, module: './none.mjs' }], 'the module does not exist'],
    ['an address and a module', [{ ...byUrl, module: './policy.mjs' }], 'give either url or module'],
    ['neither of them', [{ point: 'beforeSignIn', onFailure: 'refuse' }], 'give either url or module'],
    ['an address without a secret', [{ ...byUrl, secret: undefined }], '0.secret: belongs to url'],
    ['a module with a secret', [{ ...byModule, secret }], '0.secret: belongs to url'],
    ['a secret that is short', [{ ...byUrl, secret: 'whsec_c2hvcnQ=' }], '0.secret: use whsec_'],
    ['a timeout of 3 seconds', [{ ...byUrl, timeout: '3s' }], '0.timeout: use a duration from 50ms to 2s'],
    ['no policy for failures', [{ ...byUrl, onFailure: undefined }], '0.onFailure: use refuse or continue'],
    ['a mail that may be lost', [{ ...byUrl, point: 'sendMail', onFailure: 'continue' }], '0.onFailure: a message'],
    ['an address inside of the network', [{ ...byUrl, url: 'https://10.0.0.1/' }], 'add its network to OUTBOUND_ALLOW'],
    ['an address with a password', [{ ...byUrl, url: 'https://a:b@policy.example.com/' }], 'a user or a password'],
  ])('with %s stops the start', async (_, content, problem) => {
    const problems = await problemsOf(content);
    expect(problems).toContain(problem);
    expect(problems).not.toContain(secret.slice(6));
    expect(problems).not.toContain('c2hvcnQ');
  });

  test('with sendMail replaces SMTP_URL in production', async () => {
    const production = { NODE_ENV: 'production' };
    expect(await problemsOf([byUrl], production)).toContain('SMTP_URL');
    expect(await problemsOf([{ ...byUrl, point: 'sendMail', onFailure: undefined }], production)).not.toContain(
      'SMTP_URL',
    );
  });
});

function location() {
  return { module: './policy.mjs' };
}
