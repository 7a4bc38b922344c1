/** Administrators that act on each other in parallel: at least one SUPER_ADMIN remains. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goodPassword, newAddress, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  CreateUserDocument,
  DeleteAccountDocument,
  DeleteRoleDocument,
  DeleteUserDocument,
  SetUserRoleDocument,
  SuspendUserDocument,
  UpdateRoleDocument,
} from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import {
  createUserWithRole,
  insertRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { atOnce, codesOf, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';
import { startSecondInstance } from '../support/servers/second-instance.ts';

const gateway = useGateway(lockoutAndVerificationOff);
afterEach(() => gateway.database.query("update users set role_name = 'USER' where role_name = 'SUPER_ADMIN'"));

const createMany = (count: number, role: string) =>
  Promise.all(Array.from({ length: count }, () => createUserWithRole(gateway, role)));

async function activeSuperAdmins(): Promise<number> {
  const rows = await gateway.database.query(
    "select id from users where role_name = 'SUPER_ADMIN' and status = 'ACTIVE'",
  );
  return rows.length;
}

describe('the last SUPER_ADMIN', () => {
  const demote = (by: UserWithRole, { id: userId }: UserWithRole) =>
    gateway.send(SetUserRoleDocument, { input: { userId, role: 'ADMIN' } }, by.accessToken);
  const suspend = (by: UserWithRole, { id: userId }: UserWithRole) =>
    gateway.send(SuspendUserDocument, { input: { userId } }, by.accessToken);
  const remove = (by: UserWithRole, { id: userId }: UserWithRole) =>
    gateway.send(DeleteUserDocument, { input: { userId } }, by.accessToken);
  const leave = ({ accessToken }: UserWithRole) =>
    gateway.send(DeleteAccountDocument, { input: { password: goodPassword } }, accessToken);

  const acts: [string, (by: UserWithRole, target: UserWithRole) => Promise<unknown>][] = [
    ['demotes', demote],
    ['suspends', suspend],
    ['deletes', remove],
  ];
  test.each(acts)('remains when each of five %s the next', async (_what, act) => {
    const admins = await createMany(5, 'SUPER_ADMIN');
    const [first] = admins;
    if (!first) throw new Error('no administrator was created');
    // All of them wait for the row of one before any continues.
    const lock = { text: 'select from users where id = $1 for update', values: [first.id], waiting: 2 };
    const outcomes = await raceBehindLock(gateway.database, lock, () =>
      Promise.all(admins.map((by, index) => outcomeOf(act(by, admins[(index + 1) % admins.length] ?? first)))),
    );
    expect(await activeSuperAdmins()).toBeGreaterThan(0);
    const codes = codesOf(outcomes);
    expect(valuesOf(outcomes).length).toBe(5 - Object.values(codes).reduce((sum, count) => sum + count, 0));
    expect(await activeSuperAdmins()).toBe(5 - valuesOf(outcomes).length);
    for (const code of Object.keys(codes)) expect(['CONFLICT', 'FORBIDDEN', 'UNAUTHENTICATED']).toContain(code);
  });

  test.each([
    ['one demotes, one suspends', demote, suspend],
    ['one suspends, one deletes', suspend, remove],
    ['one deletes, one demotes', remove, demote],
  ])('remains when two act on each other (%s) while a third deletes its account', async (_what, one, other) => {
    for (let round = 0; round < 3; round += 1) {
      const [a, b, c] = await createMany(3, 'SUPER_ADMIN');
      if (!a || !b || !c) throw new Error('no administrator was created');
      const acts = [() => one(a, b), () => other(b, a), () => leave(c)];
      const outcomes = await atOnce(3, async (index) => acts[index]?.());
      const left = await activeSuperAdmins();
      expect(left).toBeGreaterThan(0);
      expect(left).toBe(3 - valuesOf(outcomes).length);
      for (const code of Object.keys(codesOf(outcomes))) {
        expect(['CONFLICT', 'FORBIDDEN', 'UNAUTHENTICATED']).toContain(code);
      }
      await gateway.database.query("update users set role_name = 'USER' where role_name = 'SUPER_ADMIN'");
    }
  });

  test('remains when both of two delete their accounts', async () => {
    const admins = await createMany(2, 'SUPER_ADMIN');
    const outcomes = await atOnce(2, (index) => {
      const self = admins[index];
      if (!self) throw new Error('no administrator was created');
      return leave(self);
    });
    expect(await activeSuperAdmins()).toBe(1);
    expect(codesOf(outcomes)).toEqual({ CONFLICT: 1 });
  });

  test('remains when both of two demote themselves', async () => {
    const admins = await createMany(2, 'SUPER_ADMIN');
    const outcomes = await atOnce(2, (index) => {
      const self = admins[index];
      if (!self) throw new Error('no administrator was created');
      return demote(self, self);
    });
    expect(await activeSuperAdmins()).toBe(1);
    expect(codesOf(outcomes)).toEqual({ CONFLICT: 1 });
  });
});

describe('one user and many administrators', () => {
  let admins: UserWithRole[];
  beforeEach(async () => {
    admins = await createMany(8, 'ADMIN');
  });
  const by = (index: number) => admins[index % admins.length]?.accessToken ?? '';

  test('suspension happens once, with one entry', async () => {
    const user = await createUserWithRole(gateway, 'USER');
    const outcomes = await atOnce(16, (index) =>
      gateway.send(SuspendUserDocument, { input: { userId: user.id } }, by(index)),
    );
    expect(valuesOf(outcomes)).toHaveLength(1);
    expect(codesOf(outcomes)).toEqual({ CONFLICT: 15 });
    const entries = await auditTrail(gateway.database, 'user.suspended');
    expect(entries.filter(({ targetId }) => targetId === user.id)).toHaveLength(1);
  });

  test('a sign-in during a suspension leaves no living session', async () => {
    const user = await createUserWithRole(gateway, 'USER');
    await Promise.all([
      atOnce(10, () => signIn(gateway, user.email)),
      gateway.send(SuspendUserDocument, { input: { userId: user.id } }, by(0)),
    ]);
    const living = await gateway.database.query(
      'select id from token_families where user_id = $1 and revoked_at is null',
      [user.id],
    );
    expect(living).toEqual([]);
  });

  test('an administrator demoted during the wait changes nothing', async () => {
    const user = await createUserWithRole(gateway, 'USER');
    const [demoted] = admins;
    if (!demoted) throw new Error('no administrator was created');
    // The demotion commits when the wait ends: the request was admitted before it.
    const text = `with demoted as (update users set role_name = 'USER' where id = $2)
                  select from users where id = $1 for update`;
    const lock = { text, values: [user.id, demoted.id], waiting: 1 };
    const outcome = await raceBehindLock(gateway.database, lock, () =>
      outcomeOf(gateway.send(SuspendUserDocument, { input: { userId: user.id } }, demoted.accessToken)),
    );
    expect(outcome.error?.code).toBe('FORBIDDEN');
  });

  test('parallel invitations of one address through two instances create one user', async () => {
    const email = newAddress();
    const secondInstance = await startSecondInstance(gateway, lockoutAndVerificationOff);
    try {
      const body = (index: number) => ({
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${by(index)}` },
        body: JSON.stringify({
          query: 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
          variables: { input: { email, role: 'USER' } },
        }),
      });
      const [here, there] = await Promise.all([
        atOnce(8, (index) => gateway.send(CreateUserDocument, { input: { email, role: 'USER' } }, by(index))),
        Promise.all(
          Array.from({ length: 8 }, async (_, index) =>
            (await fetch(`${secondInstance.url}/graphql`, body(index))).text(),
          ),
        ),
      ]);
      const made = valuesOf(here).length + there.filter((text) => text.includes('"id"')).length;
      expect(made).toBe(1);
      expect(there.filter((text) => text.includes('EMAIL_TAKEN')).length + (codesOf(here).EMAIL_TAKEN ?? 0)).toBe(15);
      const mails = await gateway.database.query("select id from outbox_mails where kind = 'invitation'");
      expect(mails).toHaveLength(1);
    } finally {
      await secondInstance.stop();
    }
  });
});

describe('a role', () => {
  test('cannot be deleted while administrators assign it', async () => {
    const superAdmin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    const users = await createMany(6, 'USER');
    for (let round = 0; round < 5; round += 1) {
      const name = `SHORT_LIVED_${round}`;
      await insertRole(gateway, { name, rank: 30, permissions: [] });
      const [grants, deletions] = await Promise.all([
        atOnce(users.length, (index) =>
          gateway.send(
            SetUserRoleDocument,
            { input: { userId: users[index]?.id ?? '', role: name } },
            superAdmin.accessToken,
          ),
        ),
        atOnce(2, () => gateway.send(DeleteRoleDocument, { input: { name } }, superAdmin.accessToken)),
      ]);
      const deleted = valuesOf(deletions).length;
      const granted = valuesOf(grants).length;
      // Either a user has the role and it stays, or it was deleted first and no user got it.
      expect(deleted === 0 || granted === 0).toBe(true);
      const others = { ...codesOf(grants), ...codesOf(deletions) };
      for (const code of Object.keys(others)) expect(['BAD_USER_INPUT', 'CONFLICT', 'NOT_FOUND']).toContain(code);
      const rows = await gateway.database.query('select name from roles where name = $1', [name]);
      expect(rows).toHaveLength(deleted === 0 ? 1 : 0);
    }
  });

  test('changed by many administrators has an unbroken sequence of audit entries', async () => {
    const superAdmin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    await insertRole(gateway, { name: 'CONTESTED', rank: 1, permissions: [] });
    await atOnce(10, (index) =>
      gateway.send(UpdateRoleDocument, { input: { name: 'CONTESTED', rank: index + 2 } }, superAdmin.accessToken),
    );
    const rows = await gateway.database.query<{ before: { rank: number }; after: { rank: number } }>(
      `select details->'before' as before, details->'after' as after from audit_entries where action = 'role.updated'`,
    );
    expect(rows).toHaveLength(10);
    const next = new Map(rows.map(({ before, after }) => [before.rank, after.rank]));
    let rank: number | undefined = 1;
    for (let step = 0; step < 10; step += 1) rank = next.get(rank ?? -1);
    const [role] = await gateway.database.query<{ rank: number }>("select rank from roles where name = 'CONTESTED'");
    expect(role?.rank).toBe(rank);
  });
});
