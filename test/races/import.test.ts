/** Imports side by side, and sign-ins side by side: with an imported hash, and of one user of the former system. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  limitsOff,
  lockoutOff,
  newAddress,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { importedUser, importUsers, oldPassword, storedHash } from '../support/people/imported.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { allow, type HookServer, refuse, startHookServer } from '../support/servers/hook-server.ts';

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

test('imports take one connection each', async () => {
  const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
  const narrow = await startTestGateway({ ...lockoutOff, RATE_LIMITS: limitsOff, DATABASE_POOL_MAX: '2' }, gateway);
  const batches = await Promise.all(Array.from({ length: 8 }, async () => [await importedUser()]));
  const answers = await atOnce(8, (caller) => importUsers(narrow, accessToken, batches[caller] ?? []));
  expect(codesOf(answers)).toEqual({});
  await narrow.end();
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

describe('sign-ins of a new user of the former system', () => {
  let hooks: HookServer;
  let instances: TestGateway[];
  beforeAll(async () => {
    hooks = await startHookServer();
    const settings = { ...lockoutOff, RATE_LIMITS: limitsOff, ...(await hooks.settings({ importUser: {} })) };
    const first = await startTestGateway(settings);
    instances = [first, await startTestGateway(settings, first)];
  });
  afterAll(async () => {
    for (const instance of instances.toReversed()) await instance.stop();
    await hooks.stop();
  });

  afterEach(() => hooks.reset());

  const signInAt = (caller: number, email: string, password = oldPassword) => {
    const instance = instances[caller % instances.length];
    if (!instance) throw new Error('no instance');
    return signIn(instance, email, password);
  };
  const countOf = async (text: string, values: unknown[]) => {
    const [row] =
      (await instances[0]?.database.query<{ n: number }>(`select count(*)::int as n ${text}`, values)) ?? [];
    return row?.n;
  };

  const createdOf = (email: string) =>
    countOf(
      `from audit_entries a join users u on u.id = a.target_id::uuid where a.action = 'user.created' and u.email = $1`,
      [email],
    );

  test('at two instances all succeed, ask once for each instance and create one account', async () => {
    const email = newAddress();
    hooks.on('importUser', () => allow({ user: { emailVerified: true } }));
    const answers = await atOnce(20, (caller) => signInAt(caller, email));
    expect(codesOf(answers)).toEqual({});
    expect(hooks.callsOf('importUser')).toHaveLength(2);
    expect(await countOf('from users where email = $1', [email])).toBe(1);
    expect(await createdOf(email)).toBe(1);
  });

  test('a hundred at once create one account, and none is refused for its password', async () => {
    const email = newAddress();
    hooks.on('importUser', () => allow({ user: { emailVerified: true } }));
    const answers = await atOnce(100, (caller) => signInAt(caller, email));
    // A busy gateway refuses a surplus, which can be repeated.
    expect(Object.keys(codesOf(answers)).filter((code) => !code.startsWith('SERVICE_'))).toEqual([]);
    expect(valuesOf(answers).length).toBeGreaterThan(0);
    expect(await countOf('from users where email = $1', [email])).toBe(1);
    expect(await createdOf(email)).toBe(1);
  });

  test('with a wrong password gain nothing from the right one beside them', async () => {
    const email = newAddress();
    hooks.on('importUser', ({ data }) =>
      data.password === oldPassword ? allow({ user: { emailVerified: true } }) : refuse(),
    );
    const answers = await atOnce(40, (caller) =>
      signInAt(caller, email, caller % 4 < 2 ? oldPassword : `wrong ${caller}`),
    );
    for (const [caller, { value }] of answers.entries()) if (value) expect(caller % 4).toBeLessThan(2);
    expect(valuesOf(answers).length).toBeGreaterThan(0);
    expect(await countOf('from users where email = $1', [email])).toBe(1);
  });
});
