/** `postern service-accounts create` and `postern api-keys`: keys on the command line. */
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mintApiKey } from '../../src/security/api-key.ts';
import { refusal, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { createApiKey, day, machineOf } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createProcessRunner, type ProcessResult } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
const gateway = useGateway();
afterEach(() => runner.clear());

function postern(args: readonly string[], input = '', settings: Record<string, string> = {}): Promise<ProcessResult> {
  const env = { DATABASE_URL: gateway.database.url, SECRET: testSecret, ...settings };
  return runner.run(args, { env, input });
}

const create = (name: string, scopes: string, ...more: string[]) =>
  postern(['service-accounts', 'create', '--name', name, '--role', 'MODERATOR', '--scopes', scopes, ...more]);
const check = (key: string, settings: Record<string, string> = {}) => postern(['api-keys', 'check'], key, settings);

/** One line, which does not repeat the key. */
function expectProblem({ code, stdout, stderr }: ProcessResult, problem: RegExp, key = 'pst_'): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(problem)]);
  expect(stderr).not.toContain(key);
}

describe('service-accounts create', () => {
  test('prints a key that works, and is audited without an actor', async () => {
    const { code, stdout, stderr } = await create('deploy', 'users:read, users:moderate', '--days', '30');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, id = '', apiKeyId = ''] =
      /^Created service account (\S+) with API key (\S+) in database /.exec(stdout) ?? [];
    const key = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(await machineOf(gateway, key)).toMatchObject({
      id,
      name: 'deploy',
      scopes: ['users:read', 'users:moderate'],
    });
    const [entry] = await auditTrail(gateway.database, 'service_account.created');
    expect(entry).toMatchObject({ targetId: id, actorId: null, requestId: 'command-line' });
    const [made] = await auditTrail(gateway.database, 'api_key.created');
    const expiresAt = Date.parse(String(made?.details.expiresAt));
    expect(made?.details).toMatchObject({ apiKeyId });
    expect(Math.abs(expiresAt - gateway.clock.now().getTime() - 30 * day * 1000)).toBeLessThan(day * 1000);
  });

  test.each([
    [['name', 'users:read', '--days', '366'], /--days: API_KEY_MAX_TTL allows 365 at most/],
    [['name', 'users:read', '--days', '0'], /--days/],
    [['name', 'users:fly'], /--scopes: .*users:read/],
    [['name', ','], /--scopes: Choose/],
    [['name', 'settings:read'], /--scopes: the role does not hold settings:read/],
    [[' ', 'users:read'], /--name: Enter a name/],
    [['name', 'users:read', '--role', 'EMPEROR'], /--role: Choose one of the roles .*MODERATOR/],
  ])('%j is wrong usage, and creates nothing', async ([name = '', scopes = '', ...more], problem) => {
    const { code, stdout, stderr } = await create(name, scopes, ...more);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(problem);
    expect(await gateway.database.query(`select from service_accounts where name = 'name'`)).toEqual([]);
  });

  test('a taken name and SUPER_ADMIN are refused', async () => {
    await create('taken', 'users:read');
    expectProblem(await create('taken', 'users:read'), /the name is taken/);
    expectProblem(await create('root', 'users:read', '--role', 'SUPER_ADMIN'), /no service account has this role/);
  });
});

describe('api-keys', () => {
  test('check explains a valid key and changes nothing', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken, { ipAllowlist: ['192.0.2.0/24'] });
    await gateway.database.query('update api_keys set scopes = scopes || $2 where id = $1', [id, ['users:read']]);
    const { code, stdout, stderr } = await check(` ${key}\r\nmore`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const facts = [`id: ${id}`, `owner: user ${ada.viewer.id}`, 'scopes: profile:write', 'networks: 192.0.2.0/24'];
    for (const fact of [...facts, 'role does not hold: users:read']) expect(stdout).toContain(`${fact}\n`);
    expect(stdout).not.toContain(key.slice(25, -6));
    expect(await auditTrail(gateway.database, 'api_key.refused')).toEqual([]);
  });

  test('check names the problem of a key', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    for (const text of [`${key.slice(0, -1)}_`, key.slice(0, -1), '', 'x'.repeat(100_000)])
      expectProblem(await check(text), /no API key: its length, form or checksum/);
    expectProblem(await check(mintApiKey('pat').key), /unknown/);
    expectProblem(await check(key, { SECRET: randomBytes(32).toString('base64') }), /unknown.*SECRET_PREVIOUS/);
    expectProblem(await check(key, { API_KEYS: 'off' }), /API_KEYS is off/);
    const change = (assignment: string) =>
      gateway.database.query(`update ${assignment} where id = $1`, [
        assignment.startsWith('users') ? ada.viewer.id : id,
      ]);
    await change(`users set status = 'SUSPENDED'`);
    expectProblem(await check(key), /owner of this key is suspended/);
    await change(`users set status = 'ACTIVE'`);
    await change(`api_keys set expires_at = '2020-01-01'`);
    expectProblem(await check(key), /expired/);
    await change('api_keys set revoked_at = now()');
    expectProblem(await check(key), /revoked/);
  });

  test('check refuses a key as an argument, and does not repeat it', async () => {
    const { key } = mintApiKey('pat');
    const { code, stdout, stderr } = await postern(['api-keys', 'check', key]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/standard input/);
    expect(stderr).not.toContain(key);
  });

  test('revoke ends a key by its id, once', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    const revoked = await postern(['api-keys', 'revoke', id]);
    expect(revoked).toMatchObject({ code: 0, stderr: '' });
    expect(revoked.stdout).toMatch(/is revoked\. Changed database \w+ at 127\.0\.0\.1:\d+\.\n$/);
    expect(await refusal(machineOf(gateway, key))).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
    expect((await auditTrail(gateway.database, 'api_key.revoked')).at(-1)).toMatchObject({
      actorId: null,
      requestId: 'command-line',
      details: { apiKeyId: id, by: 'administrator' },
    });
    for (const named of [id, key]) expectProblem(await postern(['api-keys', 'revoke', named]), /No valid key/, key);
  });
});
