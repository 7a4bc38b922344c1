/** `postern users`: the operator changes users on the command line, for example for a locked-out administrator. */
import { afterEach, expect, test, vi } from 'vitest';
import { goodPassword, newAddress, refusal, registerUser, signIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createProcessRunner, type ProcessResult } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
const gateway = useGateway();
afterEach(() => runner.clear());

function users(...args: string[]): Promise<ProcessResult> {
  const env = { DATABASE_URL: gateway.database.url, SECRET: testSecret };
  return runner.run(['users', ...args], { env });
}

async function jsonOf(...args: string[]) {
  const { code, stdout, stderr } = await users(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('users list and show find a user by the address and by the id', async () => {
  const email = await registerUser(gateway);
  const { users: listed } = await jsonOf('list', '--email', email);
  expect(listed).toEqual([expect.objectContaining({ email, roleName: 'USER', status: 'ACTIVE' })]);
  for (const name of [email, email.toUpperCase(), listed[0].id]) {
    expect(await jsonOf('show', name)).toMatchObject({ id: listed[0].id, lockedUntil: null, secondFactors: [] });
  }
  const shown = await users('show', email);
  expect(shown.stdout).toContain(`email: ${email}\n`);
});

test('suspend, reactivate and set-role take effect and are audited without an actor', async () => {
  const email = await registerUser(gateway);
  await signIn(gateway, email);
  const suspended = await users('suspend', email, '--reason', 'ticket 7');
  expect(suspended).toMatchObject({ code: 0, stderr: '' });
  expect(suspended.stdout).toMatch(/SUSPENDED .*\nChanged database \w+ at 127\.0\.0\.1:\d+\.\n$/);
  expect(await refusal(signIn(gateway, email))).toMatchObject({ code: 'ACCOUNT_SUSPENDED' });
  expect(await jsonOf('reactivate', email)).toMatchObject({ status: 'ACTIVE' });
  await signIn(gateway, email);
  const { id } = await jsonOf('set-role', email, 'SUPER_ADMIN');
  const [entry] = await gateway.database.query(
    `select actor_id, request_id, target_id, reason from audit_entries where action = 'user.suspended' and target_id = $1`,
    [id],
  );
  expect(entry).toEqual({ actor_id: null, request_id: 'command-line', target_id: id, reason: 'ticket 7' });
  expect(await auditTrail(gateway.database, 'user.role_changed')).toHaveLength(1);
});

test('unlock and revoke-sessions return the user; reset-mfa without a second factor exits with 1', async () => {
  const email = await registerUser(gateway);
  await signIn(gateway, email);
  expect(await jsonOf('unlock', email)).toMatchObject({ email });
  expect(await jsonOf('revoke-sessions', email)).toMatchObject({ email });
  const reset = await users('reset-mfa', email);
  expect(reset).toMatchObject({ code: 1, stdout: '' });
  expect(reset.stderr).toMatch(/^postern: .+\n$/);
});

test('an unknown user is wrong usage, and the message for an unknown role names the roles', async () => {
  const unknown = await users('show', newAddress());
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain('user not found');
  const email = await registerUser(gateway, newAddress(), goodPassword);
  const role = await users('set-role', email, 'EMPEROR');
  expect(role.code).toBe(1);
  expect(role.stderr).toMatch(/^postern: .*role/);
});
