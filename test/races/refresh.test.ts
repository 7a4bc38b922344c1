/** Refreshes in parallel with other refreshes, sign-outs, suspensions and replays of stolen tokens. */
import { beforeAll, expect, test } from 'vitest';
import { confirm } from '../support/gateway/confirmation.ts';
import { lockoutOff, newAddress, refusal, registerUser, startTestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullViewerDocument, LogoutDocument } from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import { expectSignedOut, openSession, type Session } from '../support/people/session.ts';
import { atOnce, codesOf, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtSession } from '../support/races/row-lock.ts';
import { until } from '../support/races/until.ts';

let email: string;
const gateway = useGateway(lockoutOff);
beforeAll(async () => {
  email = await registerUser(gateway);
});

async function familyOf(session: Session) {
  const [family] = await gateway.database.query<{ generation: number; revokedReason: string | null }>(
    'select generation, revoked_reason as "revokedReason" from token_families where id = $1',
    [session.session.id],
  );
  return family;
}

async function auditedOf(session: Session, action: string): Promise<number> {
  const entries = await auditTrail(gateway.database, action);
  return entries.filter(({ sessionId }) => sessionId === session.session.id).length;
}

async function mailsDecidedOn(kind: string): Promise<number> {
  return (await gateway.database.query('select id from outbox_mails where kind = $1', [kind])).length;
}

async function setStatus(status: 'ACTIVE' | 'SUSPENDED'): Promise<void> {
  await gateway.database.query('update users set status = $2 where email = $1', [email, status]);
}

test('a hundred parallel refreshes of one token rotate once and all return the one successor', async () => {
  const session = await openSession(gateway, email);
  const answers = await raceAtSession(gateway, session, 5, () => atOnce(100, () => session.refresh()));
  expect(codesOf(answers)).toEqual({});
  const successors = new Set(valuesOf(answers).map(({ refreshToken }) => refreshToken));
  expect(successors.size).toBe(1);
  expect(successors).not.toContain(session.refreshToken);
  expect(await familyOf(session)).toEqual({ generation: 1, revokedReason: null });
  expect(await auditedOf(session, 'session.refreshed')).toBe(1);
  expect(await auditedOf(session, 'token.reuse_detected')).toBe(0);
  const [successor] = valuesOf(answers);
  if (successor) await successor.refresh();
  expect(await familyOf(session)).toEqual({ generation: 2, revokedReason: null });
});

test('tokens of many families refreshed at the same time each get their own successor', async () => {
  const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(gateway, email)));
  const [first] = sessions;
  if (!first) throw new Error('there is no session');
  const race = () => atOnce(50, (caller) => (sessions[caller % sessions.length] ?? first).refresh());
  const answers = await raceAtSession(gateway, first, 2, race);
  expect(codesOf(answers)).toEqual({});
  expect(new Set(valuesOf(answers).map(({ refreshToken }) => refreshToken)).size).toBe(sessions.length);
  for (const session of sessions) expect(await familyOf(session)).toEqual({ generation: 1, revokedReason: null });
});

test('no refresh during a logout leaves a living token', { timeout: 90_000 }, async () => {
  const rounds = 100;
  let refreshed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const session = await openSession(gateway, email);
    // The first request usually wins, so the order alternates, and so do the two ways to sign out.
    const logout = () =>
      round % 4 < 2
        ? gateway.send(LogoutDocument, { input: {} }, session.accessToken)
        : gateway.send(LogoutDocument, { input: { refreshToken: session.refreshToken } });
    const first = round % 2 === 0 ? [session.refresh(), session.refresh()] : [];
    const leaving = logout();
    const answers = await Promise.all([...first, session.refresh()].map(outcomeOf));
    expect((await leaving).logout.revoked).toBe(true);

    const survivors = valuesOf(answers);
    refreshed += survivors.length;
    expect(Object.keys(codesOf(answers)).filter((code) => code !== 'INVALID_REFRESH_TOKEN')).toEqual([]);
    await expectSignedOut(session, ...survivors);
    expect(await familyOf(session)).toMatchObject({ revokedReason: 'logout' });
    expect(await auditedOf(session, 'session.ended')).toBe(1);
  }
  // If one side had won every round, the test would have shown nothing.
  expect(refreshed).toBeGreaterThan(0);
});

test('parallel logouts of one session end it once', async () => {
  const session = await openSession(gateway, email);
  const input = { refreshToken: session.refreshToken };
  const answers = await raceAtSession(gateway, session, 5, () =>
    atOnce(20, () => gateway.send(LogoutDocument, { input })),
  );
  expect(codesOf(answers)).toEqual({});
  expect(valuesOf(answers).filter(({ logout }) => logout.revoked)).toHaveLength(1);
  expect(await auditedOf(session, 'session.ended')).toBe(1);
});

test('no refresh during a suspension leaves a living token', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 40; round += 1) {
    await setStatus('ACTIVE');
    const session = await openSession(gateway, email);
    const first = round % 2 === 0 ? [session.refresh()] : [];
    const suspension = setStatus('SUSPENDED');
    const answers = await Promise.all([...first, session.refresh()].map(outcomeOf));
    await suspension;
    expect(Object.keys(codesOf(answers)).filter((code) => code !== 'INVALID_REFRESH_TOKEN')).toEqual([]);
    const { generation } = (await familyOf(session)) ?? {};
    await expectSignedOut(session, ...valuesOf(answers));
    expect(await familyOf(session)).toMatchObject({ generation });
  }
  await setStatus('ACTIVE');
});

test('an old token replayed by many callers at once ends its family once, with one mail, and no other family', async () => {
  const owner = await registerUser(gateway, newAddress());
  const [stolen, bystander] = [await openSession(gateway, owner), await openSession(gateway, owner)];
  const second = await stolen.refresh();
  const third = await second.refresh();
  const mailsBefore = await mailsDecidedOn('token_reuse_detected');

  const answers = await raceAtSession(gateway, stolen, 5, () => atOnce(50, () => stolen.refresh()));
  expect(codesOf(answers)).toEqual({ INVALID_REFRESH_TOKEN: 50 });
  expect(await auditedOf(stolen, 'token.reuse_detected')).toBe(1);
  expect(await auditedOf(stolen, 'session.ended')).toBe(1);
  expect(await mailsDecidedOn('token_reuse_detected')).toBe(mailsBefore + 1);
  expect((await gateway.mail.take(owner)).subject).toBe('We ended one of your sessions');
  await expectSignedOut(stolen, second, third);
  await bystander.expectSignedIn();
  expect(await familyOf(bystander)).toEqual({ generation: 0, revokedReason: null });
});

test('a parent token presented by many callers after the grace period ends the family once', async () => {
  const session = await openSession(gateway, email);
  const successor = await session.refresh();
  await confirm(gateway, successor);
  gateway.clock.travel(31);
  const answers = await raceAtSession(gateway, session, 5, () => atOnce(30, () => session.refresh()));
  expect(codesOf(answers)).toEqual({ INVALID_REFRESH_TOKEN: 30 });
  expect(await auditedOf(session, 'token.reuse_detected')).toBe(1);
  await successor.expectSignedOut();
});

test('an old token replayed while the owner refreshes leaves no living token', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 20; round += 1) {
    const session = await openSession(gateway, email);
    const current = await (await session.refresh()).refresh();
    const calls = [current, session, current, session];
    const answers = await Promise.all(
      (round % 2 ? calls : calls.reverse()).map((presented) => outcomeOf(presented.refresh())),
    );
    await expectSignedOut(current, ...valuesOf(answers));
    expect(await auditedOf(session, 'token.reuse_detected')).toBe(1);
  }
});

test('the owner exposes the theft when an attacker uses the successor of the shared parent first', async () => {
  const owner = await registerUser(gateway, newAddress());
  const session = await openSession(gateway, owner);
  const answers = await raceAtSession(gateway, session, 2, () => atOnce(2, () => session.refresh()));
  const [attacker, lost] = valuesOf(answers);
  if (!attacker || !lost) throw new Error('both were owed an answer');
  expect(attacker.refreshToken).toBe(lost.refreshToken);
  // The owner's response was lost: the parent stays valid for days.
  gateway.clock.travel(24 * 60 * 60);
  const again = await session.refresh();
  expect(again.refreshToken).toBe(attacker.refreshToken);
  await confirm(gateway, { ...again, session: session.session });
  expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  expect(await auditedOf(session, 'token.reuse_detected')).toBe(1);
  await again.expectSignedOut();
});

test('parents sent during their confirmation return the one successor before it, and revoke the session after it', async () => {
  const owner = await registerUser(gateway, newAddress());
  const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(gateway, owner)));
  const successors = await Promise.all(sessions.map((session) => session.refresh()));
  gateway.clock.travel(31);
  let answered = 0;
  const presentUntilRefused = async (parent: Session, successor: Session) => {
    const using = gateway.send(FullViewerDocument, {}, successor.accessToken);
    await until('the refusal of the parent', async () => {
      const { value, error } = await outcomeOf(parent.refresh());
      if (value) {
        answered += 1;
        expect(value.refreshToken).toBe(successor.refreshToken);
      }
      return error?.code === 'INVALID_REFRESH_TOKEN';
    });
    await using.catch(() => undefined);
    expect(await auditedOf(parent, 'token.reuse_detected')).toBe(1);
    await successor.expectSignedOut();
  };
  await Promise.all(
    sessions.map((parent, index) => presentUntilRefused(parent, successors[index] ?? { ...parent, refreshToken: '' })),
  );
  expect(answered).toBeGreaterThan(0);
});

test('a use at one instance counts at the other, and a stopping instance records it first', async () => {
  const other = await startTestGateway(lockoutOff, gateway);
  const session = await openSession(gateway, await registerUser(gateway, newAddress()));
  const successor = await session.refresh();
  await other.send(FullViewerDocument, {}, successor.accessToken);
  await other.end();
  const [family] = await gateway.database.query<{ confirmed: boolean }>(
    'select confirmed_generation = generation as confirmed from token_families where id = $1',
    [session.session.id],
  );
  expect(family).toEqual({ confirmed: true });
  gateway.clock.travel(31);
  expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  await successor.expectSignedOut();
});
