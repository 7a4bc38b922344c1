/** Imports side by side, and sign-ins with an imported hash side by side. */
import { expect, test } from 'vitest';
import { limitsOff, lockoutOff, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { importedUser, importUsers, oldPassword, storedHash } from '../support/people/imported.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';

const gateway = useGateway({ ...lockoutOff, RATE_LIMITS: limitsOff });

test('ten imports of the same users create each of them once', async () => {
  const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
  const users = await Promise.all(Array.from({ length: 40 }, () => importedUser()));
  const reversed = [...users].reverse();
  const answers = await atOnce(10, (caller) => importUsers(gateway, accessToken, caller % 2 === 0 ? users : reversed));
  expect(codesOf(answers)).toEqual({});
  const results = valuesOf(answers).flat();
  expect(results.filter(({ outcome }) => outcome === 'CREATED')).toHaveLength(users.length);
  expect(results.filter(({ outcome }) => outcome === 'FAILED')).toEqual([]);
  const [count] = await gateway.database.query(`select count(*)::int as n from audit_entries
    where action = 'user.created' and details->>'through' = 'import'`);
  expect(count).toEqual({ n: users.length });
});

test('twenty sign-ins with an imported hash all succeed and leave one of our own', async () => {
  const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
  const user = await importedUser();
  await importUsers(gateway, accessToken, [user]);
  const answers = await atOnce(20, () => signIn(gateway, user.email, oldPassword));
  expect(codesOf(answers)).toEqual({});
  expect(await storedHash(gateway, user.email)).toMatch(/^\$argon2id\$/);
  const [count] = await gateway.database.query(
    `select count(*)::int as n from audit_entries where action = 'password.rehashed'`,
  );
  expect(count).toEqual({ n: 1 });
});
