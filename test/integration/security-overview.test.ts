/** The numbers for a wall (domain/administration/security-overview.ts) against a history of which every event is known. */
import { expect, test } from 'vitest';
import { newAddress, refusal, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  CreateUserDocument,
  LoginWithPasskeyDocument,
  LogoutDocument,
  RefreshDocument,
  SecurityOverviewDocument,
  SuspendUserDocument,
  UnlockUserDocument,
} from '../support/generated/graphql.ts';
import { answer, challenge, enrol, wrongCode } from '../support/people/authenticator.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const gateway = useGateway({ ...lockoutAndVerificationOff, LOCKOUT: '5/2h' });

const failAt = (email: string) => refusal(signIn(gateway, email, 'Wrong 7 lanterns'));

test('return events by time, and the current state', async () => {
  // Long ago: somebody whose session has expired since.
  await createUserWithRole(gateway, 'USER');
  gateway.clock.travel(10 * day);
  const since = gateway.clock.now();

  // The first hour: four people come.
  const admin = await createUserWithRole(gateway, 'ADMIN');
  const [ada, attackerEmail, ina] = [
    await createUserWithRole(gateway, 'USER'),
    await createUserWithRole(gateway, 'USER'),
    await createUserWithRole(gateway, 'USER'),
  ];
  const look = async (by: UserWithRole) =>
    (await gateway.send(SecurityOverviewDocument, { since: since.toISOString() }, by.accessToken)).securityOverview;
  gateway.clock.travel(hour);

  // The second: somebody forgets, somebody else guesses until the account is locked, and goes on.
  await failAt(ada.email);
  await failAt(newAddress());
  for (let guess = 0; guess < 6; guess += 1) await failAt(attackerEmail.email);
  gateway.clock.travel(hour);

  // The third: a copied token, a sign-out and in, an invitation, a suspension, and a second factor for the one that is left.
  const { refresh } = await gateway.send(RefreshDocument, { input: { refreshToken: ina.session.refreshToken } });
  await gateway.send(RefreshDocument, { input: { refreshToken: refresh.refreshToken ?? '' } });
  gateway.clock.travel(minute);
  await refusal(gateway.send(RefreshDocument, { input: { refreshToken: ina.session.refreshToken } }));
  await gateway.send(LogoutDocument, { input: { refreshToken: ada.session.refreshToken } });
  const superAdmin = await signIn(gateway, admin.email);
  const by = { ...admin, accessToken: superAdmin.accessToken };
  const [invited, suspended] = [newAddress(), await createUserWithRole(gateway, 'USER')];
  await gateway.send(CreateUserDocument, { input: { email: invited, role: 'USER' } }, by.accessToken);
  await gateway.send(SuspendUserDocument, { input: { userId: suspended.id } }, by.accessToken);
  const enrolled = await enrol(gateway, ada.email);
  const { ticket } = await challenge(gateway, ada.email);
  await refusal(answer(gateway, ticket, wrongCode(enrolled)));
  await refusal(gateway.send(LoginWithPasskeyDocument, { input: { response: {} } }));
  gateway.clock.travel(minute);

  const overview = await look(by);
  expect(overview.total).toMatchObject({
    signIns: 4 + 3,
    signInFailures: 8 + 2,
    locks: 1,
    tokenReuses: 1,
    registrations: 6,
  });
  // Five minutes each: the hours are where they were.
  const inHour = (index: number) => {
    const [from, to] = [since.getTime() + index * hour * 1000, since.getTime() + (index + 1) * hour * 1000];
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
    // The administrator's two, Eve's, and the one with which Ada enrolled.
    activeSessions: 4,
    lockedAccounts: 1,
    // One from long ago, and of six: neither the invited nor the suspended one.
    mfa: { users: 5, enabled: 1 },
    pendingRegistrations: 0,
  });

  await gateway.send(UnlockUserDocument, { input: { userId: attackerEmail.id } }, by.accessToken);
  expect((await look(by)).lockedAccounts).toBe(0);
});
