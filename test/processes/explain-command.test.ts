/** `postern explain`: the operator asks why an operation is allowed or denied to a user. */
import { afterEach, expect, test, vi } from 'vitest';
import { registerUser, signIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createProcessRunner, type ProcessResult } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
const gateway = useGateway();
afterEach(() => runner.clear());

function explain(...args: string[]): Promise<ProcessResult> {
  const env = { DATABASE_URL: gateway.database.url, SECRET: testSecret };
  return runner.run(['explain', ...args], { env });
}

test('explain prints each requirement, and its exit code is the answer', async () => {
  const email = await registerUser(gateway);
  const denied = await explain('--user', email, '--operation', 'suspendUser');
  expect(denied).toMatchObject({ code: 1, stderr: '' });
  expect(denied.stdout).toMatch(/^Mutation\.suspendUser: denied$/m);
  expect(denied.stdout).toMatch(/^not met {2}PERMISSION +users:moderate or users:write; is: the role USER$/m);
  const { session } = await signIn(gateway, email);
  const allowed = await explain('--user', email, '--operation', 'viewer', '--session', session.id, '--json');
  expect([allowed.code, JSON.parse(allowed.stdout)]).toMatchObject([0, { operation: 'Query.viewer', allowed: true }]);
  expect(await auditTrail(gateway.database, 'access.explained')).toHaveLength(2);
});

test('explain rejects unknown operations, users and sessions with exit code 2', async () => {
  const email = await registerUser(gateway);
  const wrong = [
    ['--user', email, '--operation', 'nothing'],
    ['--user', 'nobody@example.com', '--operation', 'viewer'],
    ['--user', email, '--operation', 'viewer', '--session', 'nothing'],
  ];
  for (const args of wrong) expect(await explain(...args)).toMatchObject({ code: 2, stdout: '' });
});
