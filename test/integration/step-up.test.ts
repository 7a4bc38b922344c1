/** Reauthentication in a session: what it renews, the limit of wrong proofs, and the delivery of the tokens. */
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { confirm } from '../support/gateway/confirmation.ts';
import { bearer, goodPassword, refusal, type SignedIn, startTestGateway } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  FullReauthenticateDocument,
  FullRefreshDocument,
  FullViewerDocument,
} from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createUser, wrongPassword } from '../support/people/password-attempts.ts';
import type { Session } from '../support/people/session.ts';

const quarterHour = 15 * 60;

const gateway = useGateway();

const now = () => Math.floor(gateway.clock.now().getTime() / 1000);

async function guess(session: Session, count: number): Promise<string[]> {
  const codes: string[] = [];
  while (codes.length < count) codes.push((await refusal(session.reauthenticate({ password: wrongPassword }))).code);
  return codes;
}

describe('the right password', () => {
  test('renews the session: the same id, new tokens, a fresh time of authentication', async () => {
    const session = await gateway.person();
    gateway.clock.travel(120);
    const proven = await session.reauthenticate({ password: goodPassword });
    expect(proven.session).toMatchObject({ id: session.session.id, assurance: 'AAL1', methods: ['PASSWORD'] });
    expect(proven.refreshToken).not.toBe(session.refreshToken);
    expect(proven.deviceToken).toBeNull();
    expect(decodeJwt(session.accessToken).auth_time).toBe(now() - 120);
    expect(decodeJwt(proven.accessToken)).toMatchObject({ auth_time: now(), sid: session.session.id, acr: 'AAL1' });
    expect(decodeJwt((await proven.refresh()).accessToken).auth_time).toBe(now());
  });

  test('makes the previous refresh token the parent: valid for the grace period, a sign of theft after it', async () => {
    const session = await gateway.person();
    gateway.clock.travel(60);
    const proven = await session.reauthenticate({ password: goodPassword });
    expect((await session.refresh()).refreshToken).toBe(proven.refreshToken);
    await confirm(gateway, proven);
    gateway.clock.travel(60);
    expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await refusal(gateway.send(FullViewerDocument, {}, proven.accessToken))).toMatchObject({
      extensions: { reason: 'SESSION_REVOKED' },
    });
  });

  test('extends the session as a refresh does, and never beyond its absolute end', async () => {
    let session: Session = await gateway.person();
    for (let days = 0; days < 28; days += 6) {
      const refreshed = await session.refresh();
      gateway.clock.travel(5 * 60);
      session = await refreshed.reauthenticate({ password: goodPassword });
      gateway.clock.travel(6 * 24 * 60 * 60);
    }
    const absoluteEnd = new Date(new Date(session.session.createdAt).getTime() + 30 * 24 * 60 * 60 * 1000);
    expect(session.refreshTokenExpiresAt).toBe(absoluteEnd.toISOString());
  });

  test('is audited with the proven factor', async () => {
    const session = await gateway.person();
    await session.reauthenticate({ password: goodPassword });
    const [entry] = (await auditTrail(gateway.database, 'session.reauthenticated')).filter(
      ({ sessionId }) => sessionId === session.session.id,
    );
    expect(entry).toMatchObject({
      outcome: 'SUCCESS',
      actorId: session.viewer.id,
      details: { methods: ['PASSWORD'], assurance: 'AAL1', generation: 1 },
    });
  });
});

describe('a failed step-up', () => {
  test('with a wrong password is a field error, and changes nothing', async () => {
    const session = await gateway.person();
    gateway.clock.travel(60);
    const error = await refusal(session.reauthenticate({ password: wrongPassword }));
    expect(error).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      extensions: { fields: [{ path: 'input.password', code: 'WRONG_PASSWORD' }] },
    });
    const renewed = await session.refresh();
    expect(decodeJwt(renewed.accessToken).auth_time).toBe(now() - 60);
  });

  test('with neither password nor code is bad input, and not counted', async () => {
    const session = await gateway.person();
    for (let tries = 0; tries < 12; tries += 1) {
      expect(await refusal(session.reauthenticate({}))).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    await session.reauthenticate({ password: goodPassword });
  });

  test('with an empty password counts as a wrong one', async () => {
    expect(await refusal((await gateway.person()).reauthenticate({ password: '' }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
  });

  test('with a code for a user without a factor reports that there is none', async () => {
    const session = await gateway.person();
    expect(await refusal(session.reauthenticate({ code: '123456' }))).toMatchObject({ code: 'MFA_NOT_ENABLED' });
  });

  test('without a session is UNAUTHENTICATED', async () => {
    const error = await refusal(gateway.send(FullReauthenticateDocument, { input: { password: goodPassword } }));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'NO_CREDENTIALS' } });
  });

  test('with the password from before a reset neither renews the revoked session nor reopens it', async () => {
    const session = await gateway.person();
    await gateway.database.query('update token_families set revoked_at = now() where id = $1', [session.session.id]);
    expect(await refusal(session.reauthenticate({ password: goodPassword }))).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'SESSION_REVOKED' },
    });
  });
});

describe('guessing', () => {
  test('stops after ten wrong passwords with a time to retry; the sessions stay valid, and sign-in works', async () => {
    const session = await gateway.person();
    expect(new Set(await guess(session, 10))).toEqual(new Set(['INVALID_CREDENTIALS']));
    const error = await refusal(session.reauthenticate({ password: goodPassword }));
    expect(error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429 });
    expect(error.extensions.retryAfter).toBe(quarterHour);
    expect((await gateway.send(FullViewerDocument, {}, session.accessToken)).viewer?.id).toBe(session.viewer.id);
    const other = await session.signIn();
    expect(await refusal(other.reauthenticate({ password: goodPassword }))).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
    });

    gateway.clock.travel(quarterHour - 1);
    expect((await refusal((await session.signIn()).reauthenticate({ password: goodPassword }))).code).toBe(
      'TOO_MANY_ATTEMPTS',
    );
    gateway.clock.travel(1);
    await (await session.signIn()).reauthenticate({ password: goodPassword });
  });

  test('is reset by a right password, and counted per account', async () => {
    const [session, bystander] = [await gateway.person(), await gateway.person()];
    await guess(session, 9);
    await session.reauthenticate({ password: goodPassword });
    await guess(session, 9);
    await session.reauthenticate({ password: goodPassword });
    await guess(session, 10);
    await bystander.reauthenticate({ password: goodPassword });
  });

  test('is audited: each guess, the lockout, and later attempts', async () => {
    const session = await gateway.person();
    await guess(session, 11);
    const own = (await auditTrail(gateway.database)).filter(({ targetId }) => targetId === session.viewer.id);
    const refused = own.filter(({ action }) => action === 'reauthentication.refused');
    expect(refused.map(({ outcome, details }) => [outcome, details.reason])).toEqual([
      ...Array.from({ length: 10 }, () => ['FAILURE', 'wrong_password']),
      ['DENIED', 'locked'],
    ]);
    const lockedUntil = new Date(gateway.clock.now().getTime() + quarterHour * 1000).toISOString();
    expect(own.filter(({ action }) => action === 'guesses.stopped')).toMatchObject([
      { outcome: 'DENIED', details: { at: 'password', lockedUntil } },
    ]);
  });
});

describe('the limit `reauthenticate`', () => {
  test('counts by user, whatever the outcome of the calls', async () => {
    const limited = await startTestGateway({ RATE_LIMITS: 'reauthenticate=3/15m' }, gateway);
    try {
      const [session, bystander] = [await gateway.person(), await gateway.person()];
      const ask = ({ accessToken }: SignedIn) =>
        limited.send(FullReauthenticateDocument, { input: { password: goodPassword } }, accessToken);
      for (let call = 0; call < 3; call += 1) await ask(session);
      expect(await refusal(ask(session))).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
      await ask(bystander);
    } finally {
      await limited.stop();
    }
  });
});

describe('in cookie mode', () => {
  const origin = 'https://auth.example.com';
  const cookieIn = (headers: Headers, name: string) =>
    headers
      .getSetCookie()
      .find((line) => line.startsWith(`${name}=`))
      ?.split(';')[0];

  async function openTab() {
    const email = await createUser(gateway);
    const input = { email, password: goodPassword, delivery: 'COOKIE' } as const;
    const answer = await answerOf(gateway.post(bodyOf(FullLoginDocument, { input }), { origin }));
    const { data }: { data: { login: SignedIn & { csrfToken: string } } } = JSON.parse(answer.text);
    return { ...data.login, cookie: cookieIn(answer.headers, '__Host-postern_refresh') ?? '' };
  }

  const proveWith = (headers: Record<string, string>) =>
    answerOf(gateway.post(bodyOf(FullReauthenticateDocument, { input: { password: goodPassword } }), headers));

  test('the next refresh token is in the cookie, and never in the response', async () => {
    const tab = await openTab();
    gateway.clock.travel(60);
    for (const csrf of [{ 'x-csrf-token': tab.csrfToken }, {}]) {
      const answer = await proveWith({ ...bearer(tab.accessToken), cookie: tab.cookie, origin, ...csrf });
      const next = cookieIn(answer.headers, '__Host-postern_refresh');
      expect(next).toMatch(/^__Host-postern_refresh=[\w-]{70}$/);
      expect(next).not.toBe(tab.cookie);
      expect(answer.text).not.toContain(next?.split('=')[1]);
      expect(answer.data).toMatchObject({ reauthenticate: { refreshToken: null, csrfToken: tab.csrfToken } });
      gateway.clock.travel(60);
      const spending = { cookie: next ?? '', origin, 'x-csrf-token': tab.csrfToken };
      expect((await answerOf(gateway.post(bodyOf(FullRefreshDocument, { input: {} }), spending))).errors).toEqual([]);
      tab.cookie = next ?? '';
    }
  });

  test('the cookie of another session stays unchanged', async () => {
    const [tab, other] = [await openTab(), await gateway.person()];
    const answer = await proveWith({ ...bearer(other.accessToken), cookie: tab.cookie, origin });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.data).toMatchObject({
      reauthenticate: { refreshToken: expect.any(String), session: { id: other.session.id } },
    });
  });

  test('the cookie alone proves nothing', async () => {
    const tab = await openTab();
    const answer = await proveWith({ cookie: tab.cookie, origin, 'x-csrf-token': tab.csrfToken });
    expect(errorOf(answer).extensions.code).toBe('UNAUTHENTICATED');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});
