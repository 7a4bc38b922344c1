/** Deletion, restore and purge of an account, in parallel with its other operations. */
import { describe, expect, test } from 'vitest';
import { cleanUp } from '../../src/domain/operations/clean-up.ts';
import { createTestClock } from '../support/gateway/clock.ts';
import {
  goodPassword,
  lockoutOff,
  refusal,
  type SignedIn,
  signIn,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  DeleteAccountDocument,
  FullRefreshDocument,
  FullViewerDocument,
  RegisterDocument,
  RestoreUserDocument,
} from '../support/generated/graphql.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';
import { createUser } from '../support/people/password-attempts.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { atOnce, codesOf, type Outcome, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';

const day = 24 * 60 * 60;
const retention = 30 * day;
const rounds = [0, 1, 2, 3, 4, 5];
const newPassword = 'Marble 8 galaxies';

/** A second gateway with the same database, where a registration creates the account at once. */
const gateway = useGateway(lockoutOff);
const open = useGateway(lockoutAndVerificationOff, gateway);

const newSession = async () => signIn(gateway, await createUser(gateway));
const leave = ({ accessToken }: SignedIn) =>
  gateway.send(DeleteAccountDocument, { input: { password: goodPassword } }, accessToken);

async function rowsWith(email: string): Promise<{ id: string; status: string }[]> {
  return gateway.database.query('select id, status from users where email = $1', [email]);
}

/** Starts the calls in this order in even rounds, and in reverse order in odd ones. */
function startAlternately<T>(round: number, calls: readonly (() => Promise<T>)[]): Promise<T[]> {
  const places = calls.map((_, place) => (round % 2 ? calls.length - 1 - place : place));
  const results: Promise<T>[] = [];
  for (const place of places) {
    const call = calls[place];
    if (call) results[place] = call();
  }
  return Promise.all(results);
}

async function expectNoSession(userId: string, sessions: readonly SignedIn[]): Promise<void> {
  const text = 'select id from token_families where user_id = $1 and revoked_at is null';
  expect(await gateway.database.query(text, [userId])).toEqual([]);
  for (const { accessToken, refreshToken } of sessions) {
    expect((await refusal(gateway.send(FullViewerDocument, {}, accessToken))).extensions.reason).toBe(
      'SESSION_REVOKED',
    );
    const { code } = await refusal(gateway.send(FullRefreshDocument, { input: { refreshToken } }));
    expect(code).toBe('INVALID_REFRESH_TOKEN');
  }
}

describe('account deletion', () => {
  test('during sign-ins leaves no living session, in any order', { timeout: 60_000 }, async () => {
    for (const round of rounds) {
      const session = await newSession();
      const { id, email } = session.viewer;
      const line = { text: 'select from users where id = $1 for update', values: [id], waiting: 3 };
      const entered: SignedIn[] = [];
      const enter = async (): Promise<Outcome<unknown>> => {
        const outcome = await outcomeOf(signIn(gateway, email));
        if (!outcome.error) entered.push(outcome.value);
        return outcome;
      };
      const [left, ...others] = await raceBehindLock(gateway.database, line, () =>
        startAlternately<Outcome<unknown>>(round, [() => outcomeOf(leave(session)), enter, enter, enter]),
      );
      expect(left?.error).toBeNull();
      expect(Object.keys(codesOf(others)).filter((code) => code !== 'INVALID_CREDENTIALS')).toEqual([]);
      await expectNoSession(id, [session, ...entered]);
    }
  });

  test('during a refresh of another session leaves no valid token', { timeout: 60_000 }, async () => {
    for (const round of rounds) {
      const session = await newSession();
      const other = await signIn(gateway, session.viewer.email);
      const text = 'select from token_families where id = $1 for update';
      const line = { text, values: [other.session.id], waiting: 2 };
      const { refreshToken } = other;
      const refreshed: SignedIn[] = [];
      const outcomes = await raceBehindLock(gateway.database, line, () =>
        startAlternately<Outcome<unknown>>(round, [
          () => outcomeOf(leave(session)),
          async () => {
            const outcome = await outcomeOf(gateway.send(FullRefreshDocument, { input: { refreshToken } }));
            if (!outcome.error) refreshed.push(withRefreshToken(outcome.value.refresh));
            return outcome;
          },
        ]),
      );
      expect(Object.keys(codesOf(outcomes)).filter((code) => code !== 'INVALID_REFRESH_TOKEN')).toEqual([]);
      await expectNoSession(session.viewer.id, [session, other, ...refreshed]);
    }
  });

  test('by five parallel requests happens once, with one notice', async () => {
    const session = await newSession();
    const { id } = session.viewer;
    const line = { text: 'select from users where id = $1 for update', values: [id], waiting: 3 };
    const outcomes = await raceBehindLock(gateway.database, line, () => atOnce(5, () => leave(session)));
    expect(codesOf(outcomes)).toEqual({ UNAUTHENTICATED: 4 });
    const text = `select from audit_entries where action = 'user.deleted' and target_id = $1`;
    expect(await gateway.database.query(text, [id])).toHaveLength(1);
  });
});

describe('account restoration', () => {
  let admin: UserWithRole;
  const restore = (userId: string) => open.send(RestoreUserDocument, { input: { userId } }, admin.accessToken);
  const register = (email: string) =>
    open.send(RegisterDocument, { input: { email, password: newPassword, displayName: null } });

  /** A user that was deleted so many seconds ago, and an administrator that has just signed in. */
  async function gone(secondsAgo: number): Promise<{ id: string; email: string }> {
    const session = await newSession();
    await leave(session);
    gateway.clock.travel(secondsAgo);
    admin = await createUserWithRole(open, 'ADMIN');
    return session.viewer;
  }

  /** Another instance, with a clock so far ahead. */
  function openCleaner(secondsAhead: number): Promise<AuditApp> {
    const itsNow = new Date(gateway.clock.now().getTime() + secondsAhead * 1000);
    return openAuditApp(gateway.database, createTestClock(itsNow));
  }

  test('during registrations of the address returns the address to its owner', async () => {
    const { id, email } = await gone(retention - 1);
    const outcomes = await startAlternately<Outcome<unknown>>(0, [
      ...[1, 2, 3].map(() => () => outcomeOf(register(email))),
      () => outcomeOf(restore(id)),
    ]);
    expect(codesOf(outcomes)).toEqual({ EMAIL_TAKEN: 3 });
    expect(await rowsWith(email)).toEqual([{ id, status: 'ACTIVE' }]);
    expect((await signIn(gateway, email)).viewer.id).toBe(id);
  });

  test('during a purge by an instance with a clock ahead succeeds in time or finds no account', {
    timeout: 60_000,
  }, async () => {
    for (const round of rounds) {
      const { id, email } = await gone(retention - 1);
      const cleaner = await openCleaner(2);
      try {
        const line = { text: 'select from users where id = $1 for update', values: [id], waiting: 2 };
        const [restored] = await raceBehindLock(gateway.database, line, () =>
          startAlternately<Outcome<unknown>>(round, [
            () => outcomeOf(restore(id)),
            async () => ({ value: await cleanUp(cleaner.dependencies()), error: null }),
          ]),
        );
        const purged = await gateway.database.query(
          `select from audit_entries where action = 'user.purged' and target_id = $1`,
          [id],
        );
        if (restored?.error) expect([restored.error.code, purged.length]).toEqual(['NOT_FOUND', 1]);
        else expect(purged).toEqual([]);
        expect(await rowsWith(email)).toEqual(restored?.error ? [] : [{ id, status: 'ACTIVE' }]);
        if (!restored?.error) await signIn(gateway, email);
      } finally {
        await cleaner.close();
      }
    }
  });

  test('after its deadline, during the purge and a new registration, fails: one account has the address', {
    timeout: 60_000,
  }, async () => {
    for (const round of rounds) {
      const { id, email } = await gone(retention + 1);
      const cleaner = await openCleaner(0);
      try {
        const [restored, , ...registered] = await startAlternately<Outcome<unknown>>(round, [
          () => outcomeOf(restore(id)),
          async () => ({ value: await cleanUp(cleaner.dependencies()), error: null }),
          ...[1, 2, 3].map(() => () => outcomeOf(register(email))),
        ]);
        expect(['CONFLICT', 'NOT_FOUND']).toContain(restored?.error?.code);
        expect(valuesOf(registered).length).toBeLessThanOrEqual(1);
        expect(Object.keys(codesOf(registered)).filter((code) => code !== 'EMAIL_TAKEN')).toEqual([]);
        if (valuesOf(registered).length === 0) await register(email);
        const [owner, ...others] = await rowsWith(email);
        expect(others).toEqual([]);
        expect(owner?.id).not.toBe(id);
        expect((await refusal(restore(id))).code).toBe('NOT_FOUND');
        expect((await signIn(open, email, newPassword)).viewer.id).toBe(owner?.id);
      } finally {
        await cleaner.close();
      }
    }
  });
});

test('two purging instances erase each account once', async () => {
  const people = [await newSession(), await newSession(), await newSession()];
  for (const session of people) await leave(session);
  const clock = createTestClock(new Date(gateway.clock.now().getTime() + (retention + 1) * 1000));
  const auditApps = [await openAuditApp(gateway.database, clock), await openAuditApp(gateway.database, clock)];
  try {
    const cleaned = await Promise.all(auditApps.map((one) => cleanUp(one.dependencies())));
    expect(cleaned.reduce((sum, { users = 0 }) => sum + users, 0)).toBeGreaterThanOrEqual(people.length);
    for (const { viewer } of people) {
      const text = `select from audit_entries where action = 'user.purged' and target_id = $1`;
      expect(await gateway.database.query(text, [viewer.id])).toHaveLength(1);
    }
  } finally {
    for (const one of auditApps) await one.close();
  }
});
