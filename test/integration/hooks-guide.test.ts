/** docs/hooks.md: the examples run as they are printed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  goodPassword,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { FullLoginDocument } from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

/** What the guide leaves to its reader. */
const formerSystem = `export async function signInThere(email, password) {
  if (email !== 'bea@example.com') return 'unknown';
  return password === 'my OLD passw0rd there' ? { id: '7', verified: true, name: 'Bea' } : 'wrong password';
}`;

let folder: string;
let policy: ChildProcess;
let gateway: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-hooks-guide-'));
  const guide = await readFile(join(import.meta.dirname, '../../docs/hooks.md'), 'utf8');
  for (const [, text = '', name = ''] of guide.matchAll(/```js\n(\/\/ ([a-z-]+\.mjs)\n.*?)```/gs))
    await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'former-system.mjs'), formerSystem);
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const port = await freePort();
  const env = { ...process.env, HOOK_SECRET: secret, PORT: String(port) };
  policy = spawn(process.execPath, [join(folder, 'policy.mjs')], { env, stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}/`;
  await until('the policy server', () =>
    fetch(url, { method: 'POST' }).then(
      ({ status }) => status === 401,
      () => false,
    ),
  );
  const hooks = [
    { point: 'beforeSignIn', url, secret, timeout: '2s', onFailure: 'refuse' },
    { point: 'customizeClaims', module: './claims.mjs', timeout: '2s', onFailure: 'refuse' },
    { point: 'importUser', module: './former-users.mjs', timeout: '200ms', onFailure: 'refuse' },
  ];
  await writeFile(join(folder, 'hooks.json'), JSON.stringify(hooks));
  gateway = await startTestGateway({ HOOKS: join(folder, 'hooks.json') });
});
afterAll(async () => {
  await gateway.stop();
  policy.kill();
  await once(policy, 'exit');
  await rm(folder, { recursive: true, force: true });
});

test('the server refuses an administrator outside of the office, and the module adds a claim', async () => {
  const email = await registerUser(gateway, 'ada@example.com');
  expect(decodeJwt((await signIn(gateway, email)).accessToken).ext).toEqual({ team: 'engines' });
  await gateway.database.query(`update users set role_name = 'ADMIN' where email = $1`, [email]);
  const input = { email, password: goodPassword };
  expect(await refusal(gateway.send(FullLoginDocument, { input }))).toMatchObject({
    code: 'REFUSED_BY_POLICY',
    message: 'Administrators sign in from the office.',
    extensions: { reason: 'OUTSIDE_OFFICE' },
  });
});

test('a user of the former system signs in with the password there', async () => {
  const wrong = { input: { email: 'bea@example.com', password: goodPassword } };
  expect((await refusal(gateway.send(FullLoginDocument, wrong))).code).toBe('INVALID_CREDENTIALS');
  const { viewer } = await signIn(gateway, 'bea@example.com', 'my OLD passw0rd there');
  expect(await gateway.database.query('select display_name from users where id = $1', [viewer.id])).toEqual([
    { display_name: 'Bea' },
  ]);
});
