/** The security overview (domain/administration/security-overview.ts) for a history in which every event is known. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginTotpEnrollmentDocument,
  ConfirmTotpEnrollmentDocument,
  CreateUserDocument,
  DeleteUserDocument,
  DisableTotpDocument,
  FullLoginWithPasskeyDocument,
  FullReauthenticateDocument,
  FullRefreshDocument,
  LogoutDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  SecurityOverviewDocument,
  SuspendUserDocument,
  UnlockUserDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { startFailingMailServer } from '../support/mail/failing-mail-server.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';
import { answer, challenge, codeAt, enrol, signInTwice, wrongCode } from '../support/people/authenticator.ts';
import { passkeyUser, signInByPasskey } from '../support/people/passkeys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const gateway = useGateway({ ...lockoutAndVerificationOff, LOCKOUT: '5/2h' });

const failAt = (email: string) => refusal(signIn(gateway, email, 'Wrong 7 lanterns'));

test('return events by time, and the current state', async () => {
  // Long before: a user whose session has expired since.
  await createUserWithRole(gateway, 'USER');
  gateway.clock.travel(10 * day);
  const since = gateway.clock.now();

  // The first hour: four users register.
  const admin = await createUserWithRole(gateway, 'ADMIN');
  const [ada, attackerEmail, ina] = [
    await createUserWithRole(gateway, 'USER'),
    await createUserWithRole(gateway, 'USER'),
    await createUserWithRole(gateway, 'USER'),
  ];
  const look = async (by: UserWithRole) =>
    (await gateway.send(SecurityOverviewDocument, { since: since.toISOString() }, by.accessToken)).securityOverview;
  gateway.clock.travel(hour);

  // The second: one user resets a password, and an attacker guesses until the account is locked, and continues.
  await failAt(ada.email);
  await failAt(newAddress());
  for (let guess = 0; guess < 6; guess += 1) await failAt(attackerEmail.email);
  gateway.clock.travel(hour);

  // The third: a copied token, a sign-out and a sign-in, an invitation, a suspension, and a second factor for the
  // remaining user.
  const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: ina.session.refreshToken } });
  await gateway.send(FullRefreshDocument, { input: { refreshToken: refresh.refreshToken ?? '' } });
  gateway.clock.travel(minute);
  await refusal(gateway.send(FullRefreshDocument, { input: { refreshToken: ina.session.refreshToken } }));
  await gateway.send(LogoutDocument, { input: { refreshToken: ada.session.refreshToken } });
  const superAdmin = await signIn(gateway, admin.email);
  const by = { ...admin, accessToken: superAdmin.accessToken };
  const [invited, suspended] = [newAddress(), await createUserWithRole(gateway, 'USER')];
  await gateway.send(CreateUserDocument, { input: { email: invited, role: 'USER' } }, by.accessToken);
  await gateway.send(SuspendUserDocument, { input: { userId: suspended.id } }, by.accessToken);
  const enrolled = await enrol(gateway, ada.email);
  const { ticket } = await challenge(gateway, ada.email);
  await refusal(answer(gateway, ticket, wrongCode(enrolled)));
  await refusal(gateway.send(FullLoginWithPasskeyDocument, { input: { response: {} } }));
  gateway.clock.travel(minute);

  const overview = await look(by);
  expect(overview.total).toMatchObject({
    signIns: 4 + 3,
    signInFailures: 8 + 2,
    locks: 1,
    tokenReuses: 1,
    registrations: 6,
  });
  // With intervals of five minutes, the events are in the same hours.
  const inHour = (index: number) => {
    const from = Date.parse(overview.since) + index * hour * 1000;
    const to = from + hour * 1000;
    const spans = overview.activity.filter((span) => Date.parse(span.from) >= from && Date.parse(span.from) < to);
    const sum = (of: 'signIns' | 'signInFailures') => spans.reduce((all, span) => all + span[of], 0);
    return { signIns: sum('signIns'), signInFailures: sum('signInFailures') };
  };
  expect([inHour(0), inHour(1), inHour(2)]).toEqual([
    { signIns: 4, signInFailures: 0 },
    { signIns: 0, signInFailures: 8 },
    { signIns: 3, signInFailures: 2 },
  ]);
  expect(overview).toMatchObject({
    // Two of the administrator, one of Eve, and the one with which Ada enrolled.
    activeSessions: 4,
    lockedAccounts: 1,
    // One from long before, and of the six neither the invited nor the suspended user.
    mfa: { users: 5, enabled: 1 },
    pendingRegistrations: 0,
  });

  await gateway.send(UnlockUserDocument, { input: { userId: attackerEmail.id } }, by.accessToken);
  expect((await look(by)).lockedAccounts).toBe(0);
});

describe('activity', () => {
  const app = useGateway({ LOCKOUT: '20/1h', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });
  let admin: string;
  let auditApp: AuditApp;
  beforeAll(async () => {
    admin = await createAdministrator(app);
    auditApp = await openAuditApp(app.database, app.clock);
  });
  afterAll(() => auditApp.close());

  async function countsSince(since?: Date) {
    const { activity, total } = await readOverview(app, admin, since);
    const spans = activity.reduce((all, span) => all + span.signIns, 0);
    return { signIns: total.signIns, signInFailures: total.signInFailures, registrations: total.registrations, spans };
  }
  async function signInAndFail(): Promise<void> {
    const email = await createUser(app);
    await signIn(app, email);
    await refusal(signIn(app, email, 'Wrong 7 lanterns'));
  }
  const fewMinutesAgo = () => new Date(app.clock.now().getTime() - 10 * minute * 1000);

  test('is the same before and after its entries are sealed', async () => {
    await auditApp.sealAll();
    await signInAndFail();
    for (const since of [undefined, fewMinutesAgo()]) {
      const before = await countsSince(since);
      expect(before).toMatchObject({ signIns: 2, signInFailures: 1, spans: 2 });
      await auditApp.sealAll();
      expect(await countsSince(since)).toEqual(before);
    }
  });

  test('includes the entries that another version of Postern sealed without counting them', async () => {
    await signInAndFail();
    const before = await countsSince();
    await auditApp.sealAll();
    await app.database.query('truncate audit_activity');
    await app.database.query('update audit_activity_progress set seq = 0');
    await signInAndFail();
    await auditApp.sealAll();
    expect(await countsSince()).toMatchObject({
      signIns: before.signIns + 1,
      signInFailures: before.signInFailures + 1,
    });
  });

  test('begins at five minutes, and for more than twelve hours at an hour', async () => {
    for (const [hours, unit] of [
      [1, 5 * minute],
      [11, 5 * minute],
      [14, hour],
      [30 * 24, hour],
    ] as const) {
      const since = new Date(app.clock.now().getTime() - hours * hour * 1000);
      const overview = await readOverview(app, admin, since);
      const from = Date.parse(overview.since);
      expect(from % (unit * 1000)).toBe(0);
      expect(since.getTime() - from).toBeGreaterThanOrEqual(0);
      expect(since.getTime() - from).toBeLessThan(unit * 1000);
      expect(overview.activity.map((span) => span.from)).toEqual([
        overview.since,
        ...overview.activity.slice(0, -1).map((span) => span.to),
      ]);
    }
  });
});

async function readOverview(at: TestGateway, accessToken: string, since?: Date) {
  const variables = { since: since?.toISOString() ?? null };
  return (await at.send(SecurityOverviewDocument, variables, accessToken)).securityOverview;
}

async function createAdministrator(at: TestGateway): Promise<string> {
  const email = await registerUser(at);
  await at.database.query("update users set role_name = 'ADMIN' where email = $1", [email]);
  return (await signIn(at, email)).accessToken;
}

describe('one action changes only the numbers that count it:', () => {
  const app = useGateway({ LOCKOUT: '3/1h', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });
  let admin: string;
  let since: Date;
  beforeAll(async () => {
    since = app.clock.now();
    app.clock.travel(minute);
    admin = await createAdministrator(app);
  });

  async function numbers(): Promise<Record<string, number>> {
    const { activeSessions, lockedAccounts, pendingRegistrations, total, mfa } = await readOverview(app, admin, since);
    const { signIns, signInFailures, locks, tokenReuses, registrations } = total;
    const ofUsers = { users: mfa.users, enabled: mfa.enabled };
    const events = { signIns, signInFailures, locks, tokenReuses, registrations };
    return { activeSessions, lockedAccounts, pendingRegistrations, ...events, ...ofUsers };
  }

  const fail = (email: string) => refusal(signIn(app, email, 'Wrong 7 lanterns'));
  const failTimes = async (times: number, email: string) => {
    for (let time = 0; time < times; time += 1) await fail(email);
  };
  const idOf = async (email: string) => {
    const [row] = await app.database.query<{ id: string }>('select id from users where email = $1', [email]);
    return row?.id ?? '';
  };
  const register = (email: string) => app.send(RegisterDocument, { input: { email, password: goodPassword } });
  const invite = (email: string) => app.send(CreateUserDocument, { input: { email, role: 'USER' } }, admin);

  /** Each one prepares its case and returns the action. */
  const actions: [string, Record<string, number>, () => Promise<() => Promise<unknown>>][] = [
    [
      'a sign-in',
      { signIns: 1, activeSessions: 1 },
      async () => {
        const email = await createUser(app);
        return () => signIn(app, email);
      },
    ],
    [
      'a sign-in with two steps',
      { signIns: 1, activeSessions: 1 },
      async () => {
        const enrolled = await enrol(app);
        return () => signInTwice(app, enrolled);
      },
    ],
    [
      'a sign-in by passkey',
      { signIns: 1, activeSessions: 1 },
      async () => {
        const { key } = await passkeyUser(app);
        return () => signInByPasskey(app, key);
      },
    ],
    [
      'the password before a second step',
      {},
      async () => {
        const { email } = await enrol(app);
        return () => challenge(app, email);
      },
    ],
    [
      'a refresh',
      {},
      async () => {
        const { refreshToken } = await signIn(app, await createUser(app));
        return () => app.send(FullRefreshDocument, { input: { refreshToken } });
      },
    ],
    [
      'a reauthentication',
      {},
      async () => {
        const { accessToken } = await signIn(app, await createUser(app));
        return () => app.send(FullReauthenticateDocument, { input: { password: goodPassword } }, accessToken);
      },
    ],
    [
      'a wrong password',
      { signInFailures: 1 },
      async () => {
        const email = await createUser(app);
        return () => fail(email);
      },
    ],
    ['a password for an address without an account', { signInFailures: 1 }, async () => () => fail(newAddress())],
    [
      'a wrong code',
      { signInFailures: 1 },
      async () => {
        const enrolled = await enrol(app);
        const { ticket } = await challenge(app, enrolled.email);
        return () => refusal(answer(app, ticket, wrongCode(enrolled)));
      },
    ],
    [
      'a passkey of another page',
      { signInFailures: 1 },
      async () => {
        const { key } = await passkeyUser(app);
        return () => refusal(signInByPasskey(app, key, { origin: 'https://attacker.example' }));
      },
    ],
    [
      'a passkey of another page as the second step',
      { signInFailures: 1 },
      async () => {
        const { key, email } = await passkeyUser(app);
        const { ticket } = await challenge(app, email);
        return () => refusal(signInByPasskey(app, key, { ticket, origin: 'https://attacker.example' }));
      },
    ],
    [
      'the wrong password that locks an account',
      { signInFailures: 1, locks: 1, lockedAccounts: 1 },
      async () => {
        const email = await createUser(app);
        await failTimes(2, email);
        return () => fail(email);
      },
    ],
    [
      'the password that locks an address without an account',
      { signInFailures: 1, locks: 1, lockedAccounts: 1 },
      async () => {
        const email = newAddress();
        await failTimes(2, email);
        return () => fail(email);
      },
    ],
    [
      'a password for a locked account',
      { signInFailures: 1 },
      async () => {
        const email = await createUser(app);
        await failTimes(3, email);
        return () => fail(email);
      },
    ],
    [
      'an unlock',
      { lockedAccounts: -1 },
      async () => {
        const email = await createUser(app);
        await failTimes(3, email);
        const userId = await idOf(email);
        return () => app.send(UnlockUserDocument, { input: { userId } }, admin);
      },
    ],
    [
      'a replayed refresh token',
      { tokenReuses: 1, activeSessions: -1 },
      async () => {
        const { refreshToken } = await signIn(app, await createUser(app));
        const { refresh } = await app.send(FullRefreshDocument, { input: { refreshToken } });
        await app.send(FullRefreshDocument, { input: { refreshToken: refresh.refreshToken ?? '' } });
        app.clock.travel(minute);
        return () => refusal(app.send(FullRefreshDocument, { input: { refreshToken } }));
      },
    ],
    [
      'a sign-out',
      { activeSessions: -1 },
      async () => {
        const { accessToken } = await signIn(app, await createUser(app));
        return () => app.send(LogoutDocument, { input: {} }, accessToken);
      },
    ],
    ['a registration', { pendingRegistrations: 1 }, async () => () => register(newAddress())],
    [
      'a confirmation',
      { pendingRegistrations: -1, registrations: 1, users: 1 },
      async () => {
        const email = newAddress();
        await register(email);
        const token = tokenIn(await app.mail.take(email));
        return () => app.send(VerifyEmailDocument, { input: { token } });
      },
    ],
    ['an invitation', { registrations: 1 }, async () => () => invite(newAddress())],
    [
      'an accepted invitation',
      { users: 1 },
      async () => {
        const email = newAddress();
        await invite(email);
        const token = tokenIn(await app.mail.take(email));
        return () => app.send(ResetPasswordDocument, { input: { token, newPassword: goodPassword } });
      },
    ],
    [
      'a first second factor',
      { enabled: 1 },
      async () => {
        const { accessToken } = await signIn(app, await createUser(app));
        const { beginTotpEnrollment: offer } = await app.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken);
        const input = { code: codeAt(offer.secret, app.clock.now()) };
        return () => app.send(ConfirmTotpEnrollmentDocument, { input }, accessToken);
      },
    ],
    [
      'a removed second factor',
      { enabled: -1 },
      async () => {
        const { session, code } = await enrol(app);
        return () => app.send(DisableTotpDocument, { input: { code: code() } }, session.accessToken);
      },
    ],
    [
      'a suspension',
      { users: -1, activeSessions: -1 },
      async () => {
        const { viewer } = await signIn(app, await createUser(app));
        return () => app.send(SuspendUserDocument, { input: { userId: viewer.id } }, admin);
      },
    ],
    [
      'the deletion of an account with a second factor',
      { users: -1, enabled: -1, activeSessions: -1 },
      async () => {
        const { session } = await enrol(app);
        return () => app.send(DeleteUserDocument, { input: { userId: session.viewer.id } }, admin);
      },
    ],
  ];

  test.each(actions)('%s', async (_name, expected, prepare) => {
    // The administrator stays recently authenticated while the tests move the clock.
    const { reauthenticate } = await app.send(FullReauthenticateDocument, { input: { password: goodPassword } }, admin);
    admin = reauthenticate.accessToken;
    const act = await prepare();
    const before = await numbers();
    await act();
    const after = await numbers();
    const changes = Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
    expect(Object.fromEntries(changes.filter(([, change]) => change !== 0))).toEqual(expected);
  });

  test('the end of a lock, of a registration and of a session', async () => {
    const email = await createUser(app);
    await failTimes(3, email);
    await register(newAddress());
    app.clock.travel(8 * day);
    const { viewer } = await signIn(app, await createUser(app));
    await app.database.query("update users set role_name = 'ADMIN' where id = $1", [viewer.id]);
    admin = (await signIn(app, viewer.email)).accessToken;
    expect(await numbers()).toMatchObject({ lockedAccounts: 0, pendingRegistrations: 0, activeSessions: 2 });
  });
});

test('the mail queue reports waiting mails, the age of the oldest and failed mails', async () => {
  const server = await startFailingMailServer();
  const app = await startTestGateway();
  const admin = await createAdministrator(app);
  const [refused, deferred] = [await createUser(app), await createUser(app)];
  await app.end();
  const second = await startTestGateway({ SMTP_URL: server.url }, app);
  try {
    await server.open();
    const queue = async () => (await readOverview(second, admin)).mailQueue;
    const reset = (email: string) => second.send(RequestPasswordResetDocument, { input: { email } });
    expect(await queue()).toEqual({ pending: 0, oldestWaitingSeconds: null, deadLetters: 0 });
    server.refuseRecipient(refused, 550);
    await reset(refused);
    await until('the refusal', async () => (await queue()).deadLetters === 1);
    expect(await queue()).toEqual({ pending: 0, oldestWaitingSeconds: null, deadLetters: 1 });
    server.refuseRecipient(deferred, 451);
    await reset(deferred);
    second.clock.travel(minute);
    expect(await queue()).toEqual({ pending: 1, oldestWaitingSeconds: minute, deadLetters: 1 });
  } finally {
    await second.end();
    await app.stop();
    await server.close();
  }
});
