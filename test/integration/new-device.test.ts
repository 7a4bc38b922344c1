/** Mails about new sign-ins, "this was not me", and the reset of a password. */
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { createUserAsOperator } from '../../src/domain/administration/create-user-as-operator.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  type SignedIn,
  signIn,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  DisownSessionDocument,
  FullLoginDocument,
  type FullLoginMutation,
  FullRefreshDocument,
  FullViewerDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';

const hour = 60 * 60;
const day = 24 * hour;
const newPassword = 'Carry 9 umbrellas';
const home = '203.0.113.7';
const phone = 'Lantern/7 (phone)';
const laptop = 'Lantern/7 (laptop)';

const gateway = useGateway({
  EMAIL_VERIFICATION: 'off',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_ALLOWLIST: '0.0.0.0/0,::/0',
});

async function newUser(): Promise<string> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return email;
}

interface From {
  ip?: string;
  /** null: the request has no such header. */
  userAgent?: string | null;
  deviceToken?: string;
  password?: string;
}

/** Sends no User-Agent, which `fetch` always sets. */
async function post<Result, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  { ip = home, userAgent = phone, deviceToken }: From,
): Promise<Result> {
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-for': ip,
    ...(userAgent === null ? {} : { 'user-agent': userAgent }),
    ...(deviceToken === undefined ? {} : { 'x-device-token': deviceToken }),
  };
  const outgoing = request(`${gateway.url}/graphql`, { method: 'POST', headers });
  outgoing.end(JSON.stringify({ query: print(document), variables }));
  const [incoming] = await once(outgoing, 'response');
  const body: { data?: Result; errors?: unknown } = JSON.parse(await text(incoming));
  if (!body.data || body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

type Device = SignedIn & { deviceToken: string };

/** Signs in a second after the last sign-in. */
async function signInFrom(email: string, from: From = {}): Promise<Device> {
  gateway.clock.travel(1);
  const input = { email, password: from.password ?? goodPassword };
  const { login }: FullLoginMutation = await post(FullLoginDocument, { input }, from);
  const session = withRefreshToken(login);
  if (!session.deviceToken) throw new Error('there is no device token in the answer');
  return { ...session, deviceToken: session.deviceToken };
}

async function mailsDecidedOn(kind: string): Promise<number> {
  return (
    await gateway.database.query(
      "select id from outbox_mails where kind = $1 and (state <> 'sent' or sent_at is not null)",
      [kind],
    )
  ).length;
}

/** Signs in. @returns whether a mail was stored, and the device in the audit trail */
async function noticeOf(email: string, from: From): Promise<{ mailed: boolean; device: unknown }> {
  const before = await mailsDecidedOn('new_sign_in');
  const { session } = await signInFrom(email, from);
  const mailed = (await mailsDecidedOn('new_sign_in')) - before;
  expect(mailed).toBeLessThanOrEqual(1);
  return { mailed: mailed === 1, device: (await startOf(session.id)).details.device };
}

interface StartEntry {
  userAgent: string | null;
  ipAddress: string | null;
  details: Record<string, unknown>;
}

async function startOf(sessionId: string): Promise<StartEntry> {
  const [entry, ...others] = await gateway.database.query<StartEntry>(
    `select user_agent as "userAgent", ip_address as "ipAddress", details from audit_entries
     where action = 'session.started' and session_id = $1`,
    [sessionId],
  );
  if (!entry || others.length > 0) throw new Error('a session starts once');
  return entry;
}

async function endReasonsOf(...sessions: SignedIn[]): Promise<string[]> {
  const rows = await gateway.database.query<{ reason: string }>(
    `select details ->> 'reason' as reason from audit_entries
     where action = 'session.ended' and target_id = any($1) and session_id::text = target_id`,
    [sessions.map(({ session }) => session.id)],
  );
  return rows.map(({ reason }) => reason);
}

/**
 * The effects of "this was not me": revocations of the session, recoveries of its account, and all mails of the
 * gateway.
 */
async function effectsOn(session: SignedIn): Promise<{ ends: string[]; recoveries: number; mails: number }> {
  const recoveries = (await recorded('account.recovered')).filter(({ targetId }) => targetId === session.viewer.id);
  const mails = await gateway.database.query('select id from outbox_mails');
  return { ends: await endReasonsOf(session), recoveries: recoveries.length, mails: mails.length };
}

const refresh = async ({ refreshToken }: SignedIn) =>
  withRefreshToken((await gateway.send(FullRefreshDocument, { input: { refreshToken } })).refresh);

async function expectValid({ accessToken, viewer }: SignedIn): Promise<void> {
  expect((await gateway.send(FullViewerDocument, {}, accessToken)).viewer?.id).toBe(viewer.id);
}

async function expectRevoked(session: SignedIn): Promise<void> {
  expect(await refusal(gateway.send(FullViewerDocument, {}, session.accessToken))).toMatchObject({
    code: 'UNAUTHENTICATED',
    extensions: { reason: 'SESSION_REVOKED' },
  });
  expect(await refusal(refresh(session))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
}

const disown = async (token: string) =>
  (await gateway.send(DisownSessionDocument, { input: { token } })).disownSession.revokedCount;
const requestReset = (email: string) => gateway.send(RequestPasswordResetDocument, { input: { email } });
const reset = async (token: string, password = newPassword) =>
  (await gateway.send(ResetPasswordDocument, { input: { token, newPassword: password } })).resetPassword.reset;

/** Requests a reset. @returns the token in its mail */
async function resetTokenFor(email: string): Promise<string> {
  await requestReset(email);
  return tokenIn(await gateway.mail.take(email, 'Reset your password'));
}

/** An account with a session of its owner, a session of an attacker and the token of the mail about it. */
async function intrusion() {
  const email = await newUser();
  const owner = await signInFrom(email);
  const attacker = await signInFrom(email, { ip: '198.51.100.9', userAgent: 'Crowbar/1' });
  const mail = await gateway.mail.take(email, 'A new sign-in to your account');
  return { email, owner, stranger: attacker, mail, token: tokenIn(mail) };
}

describe('the owner is notified of a sign-in', () => {
  test('with time, network and device, and a link for "this was not me"', async () => {
    const email = await newUser();
    await signInFrom(email);
    await signInFrom(email, { ip: '198.51.100.9', userAgent: 'Crowbar/1 <b>' });
    const mail = await gateway.mail.take(email);
    expect(mail.subject).toBe('A new sign-in to your account');
    expect(mail.text).toContain(`${gateway.clock.now().toISOString().slice(11, 16)} UTC`);
    expect(mail.text).toContain('198.51.100.9');
    expect(mail.text).toContain('Crowbar/1 <b>');
    expect(mail.html).not.toContain('Crowbar/1 <b>');
    expect(mail.text).toMatch(/^https:\/\/app\.example\.com\/not-me#token=[\w-]{43}$/m);
  });

  test('but not of the first one of an account', async () => {
    expect(await noticeOf(await newUser(), {})).toEqual({ mailed: false, device: 'new' });
  });

  test('but not of a browser that looks the same in the same network', async () => {
    const email = await newUser();
    await signInFrom(email, { ip: '203.0.113.7' });
    expect(await noticeOf(email, { ip: '203.0.113.7' })).toEqual({ mailed: false, device: 'familiar' });
    expect(await noticeOf(email, { ip: '203.0.113.250' })).toEqual({ mailed: false, device: 'familiar' });
  });

  test('of another browser in the same network', async () => {
    const email = await newUser();
    await signInFrom(email, { userAgent: phone });
    expect(await noticeOf(email, { userAgent: laptop })).toEqual({ mailed: true, device: 'new' });
    expect(await noticeOf(email, { userAgent: laptop })).toEqual({ mailed: false, device: 'familiar' });
    expect(await noticeOf(email, { userAgent: phone })).toEqual({ mailed: false, device: 'familiar' });
  });

  test('of the same browser in another network', async () => {
    const email = await newUser();
    await signInFrom(email, { ip: '203.0.113.7' });
    expect(await noticeOf(email, { ip: '203.0.114.7' })).toEqual({ mailed: true, device: 'new' });
    expect(await noticeOf(email, { ip: '203.0.114.8' })).toEqual({ mailed: false, device: 'familiar' });
    expect(await noticeOf(email, { ip: '203.0.113.8' })).toEqual({ mailed: false, device: 'familiar' });
  });

  test('of a known browser in a known network, but not together', async () => {
    const email = await newUser();
    await signInFrom(email, { ip: '203.0.113.7', userAgent: phone });
    await signInFrom(email, { ip: '198.51.100.7', userAgent: laptop });
    expect(await noticeOf(email, { ip: '198.51.100.7', userAgent: phone })).toEqual({ mailed: true, device: 'new' });
  });

  test('by the network of an IPv6 customer', async () => {
    const email = await newUser();
    await signInFrom(email, { ip: '2001:db8:7:1::1' });
    expect(await noticeOf(email, { ip: '2001:db8:7:ffff::2' })).toEqual({ mailed: false, device: 'familiar' });
    expect(await noticeOf(email, { ip: '2001:db8:8:1::1' })).toEqual({ mailed: true, device: 'new' });
  });

  test('but not of a trusted device in a known network after a browser update', async () => {
    const email = await newUser();
    const { deviceToken } = await signInFrom(email, { userAgent: 'Lantern/7' });
    const updated = { deviceToken, userAgent: 'Lantern/8' };
    expect(await noticeOf(email, updated)).toEqual({ mailed: false, device: 'trusted' });
  });

  test('of a trusted device in a new network', async () => {
    const email = await newUser();
    const { deviceToken } = await signInFrom(email);
    expect(await noticeOf(email, { deviceToken, ip: '198.51.100.7' })).toEqual({ mailed: true, device: 'new' });
    expect(await noticeOf(email, { deviceToken, ip: '198.51.100.8' })).toEqual({ mailed: false, device: 'trusted' });
  });

  test('of a device trusted by another user, and of one with a forged token', async () => {
    const [email, other] = [await newUser(), await newUser()];
    await signInFrom(email);
    const { deviceToken } = await signInFrom(other);
    expect(await noticeOf(email, { deviceToken, userAgent: 'Crowbar/1' })).toEqual({ mailed: true, device: 'new' });
    const forged = `${deviceToken.slice(0, -4)}AAAA`;
    expect(await noticeOf(email, { deviceToken: forged, userAgent: 'Crowbar/2' })).toMatchObject({ mailed: true });
  });

  test('of a device with sign-ins of another user only', async () => {
    const [email, other] = [await newUser(), await newUser()];
    await signInFrom(email);
    await signInFrom(other, { userAgent: 'Crowbar/1' });
    expect(await noticeOf(email, { userAgent: 'Crowbar/1' })).toEqual({ mailed: true, device: 'new' });
  });

  test('of a reported device, at each return', async () => {
    const { email, token } = await intrusion();
    await disown(token);
    await reset(tokenIn(await gateway.mail.take(email, 'Reset your password')));
    expect(await noticeOf(email, { ip: '198.51.100.9', userAgent: 'Crowbar/1', password: newPassword })).toEqual({
      mailed: true,
      device: 'new',
    });
  });

  test('but not of a failed one', async () => {
    const email = await newUser();
    await signInFrom(email);
    const before = await mailsDecidedOn('new_sign_in');
    await expect(signInFrom(email, { password: newPassword, userAgent: 'Crowbar/1' })).rejects.toThrow(
      'INVALID_CREDENTIALS',
    );
    expect(await mailsDecidedOn('new_sign_in')).toBe(before);
  });
});

describe('a suspicious user agent is recorded and not blocked', () => {
  test.each([
    ['missing', null],
    ['empty', ''],
  ])('when it is %s', async (_what, userAgent) => {
    const email = await newUser();
    await signInFrom(email);
    const session = await signInFrom(email, { userAgent });
    expect(session.session.userAgent).toBeNull();
    await expectValid(session);
    expect(await startOf(session.session.id)).toMatchObject({
      userAgent: null,
      ipAddress: home,
      details: { userAgent: 'missing', device: 'new' },
    });
    expect((await gateway.mail.take(email)).text).toContain('an unknown device');
    expect(await noticeOf(email, { userAgent })).toEqual({ mailed: false, device: 'familiar' });
  });

  test.each(['sqlmap/1.8', 'curl/8.5.0', '-', "' or 1=1 --", '() { :; }; /bin/id'])(
    'when it is %s',
    async (userAgent) => {
      const session = await signInFrom(await newUser(), { userAgent });
      expect(await startOf(session.session.id)).toMatchObject({ userAgent, details: { userAgent: 'given' } });
      await expectValid(session);
    },
  );

  test('when it is overlong: its beginning', async () => {
    const session = await signInFrom(await newUser(), { userAgent: 'x'.repeat(3000) });
    expect((await startOf(session.session.id)).userAgent).toBe('x'.repeat(512));
  });
});

describe('"this was not me"', () => {
  test('revokes that session at once, and no other', async () => {
    const { owner, stranger: attacker, token } = await intrusion();
    const successor = { ...attacker, ...(await refresh(attacker)) };
    expect(await disown(token)).toBe(1);
    await expectRevoked(successor);
    await expectRevoked(attacker);
    await expectValid(owner);
    expect(await endReasonsOf(owner, attacker)).toEqual(['disowned']);
  });

  test('mails a link to set a new password', async () => {
    const { email, owner, token } = await intrusion();
    await disown(token);
    const mail = await gateway.mail.take(email, 'Reset your password');
    expect(mail.text).toMatch(/^https:\/\/app\.example\.com\/reset-password#token=[\w-]{43}$/m);
    expect(await reset(tokenIn(mail))).toBe(true);
    await expectRevoked(owner);
    expect(await refusal(signIn(gateway, email))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await signInFrom(email, { password: newPassword });
  });

  test('works once: its response is repeated for a minute, without a second effect', async () => {
    const { email, owner, stranger: attacker, token } = await intrusion();
    expect(await disown(token)).toBe(1);
    const resetToken = tokenIn(await gateway.mail.take(email, 'Reset your password'));
    const effects = () => effectsOn(attacker);
    const before = await effects();
    expect(before).toMatchObject({ ends: ['disowned'], recoveries: 1 });
    gateway.clock.travel(59);
    expect(await disown(token)).toBe(1);
    expect(await effects()).toEqual(before);
    gateway.clock.travel(1);
    expect(await refusal(disown(token))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await effects()).toEqual(before);
    await expectValid(owner);
    expect(await reset(resetToken)).toBe(true);
  });

  test('works once for any number of parallel requests, with the same response for all', async () => {
    const { owner, stranger: attacker, token } = await intrusion();
    const mails = (await effectsOn(attacker)).mails;
    expect(await Promise.all(Array.from({ length: 20 }, () => disown(token)))).toEqual(Array(20).fill(1));
    // The mail "The account was recovered", and the link to set a new password.
    expect(await effectsOn(attacker)).toEqual({ ends: ['disowned'], recoveries: 1, mails: mails + 2 });
    await expectValid(owner);
  });

  test('starts a reset even when the session has ended by itself', async () => {
    const { email, owner, token } = await intrusion();
    gateway.clock.travel(6 * day);
    await gateway.database.query(
      `update token_families set revoked_at = $1, revoked_reason = 'logout' where id <> $2`,
      [gateway.clock.now(), owner.session.id],
    );
    expect(await disown(token)).toBe(0);
    await gateway.mail.take(email, 'Reset your password');
  });

  test('is accepted for a week', async () => {
    const [soon, late] = [await intrusion(), await intrusion()];
    gateway.clock.travel(7 * day - 60);
    expect(await disown(soon.token)).toBeLessThanOrEqual(1);
    gateway.clock.travel(61);
    const before = await mailsDecidedOn('password_reset');
    expect(await refusal(disown(late.token))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await mailsDecidedOn('password_reset')).toBe(before);
  });

  test.each(['', 'x', 'A'.repeat(43), 'A'.repeat(42), 'A'.repeat(100), "' or true --", '\u0000'])(
    'refuses an invalid token: %.20s',
    async (token) => {
      const error = await refusal(disown(token));
      expect(error).toMatchObject({ code: 'INVALID_TOKEN', status: 200 });
      expect(Object.keys(error.extensions).sort()).toEqual(['code', 'requestId']);
    },
  );

  test('refuses another kind of token, which stays valid for its own purpose', async () => {
    const email = await newUser();
    const session = await signInFrom(email);
    const ofReset = await resetTokenFor(email);
    expect(await refusal(disown(ofReset))).toMatchObject({ code: 'INVALID_TOKEN' });
    await expectValid(session);
    expect(await reset(ofReset)).toBe(true);

    const invitation = await invite(newAddress());
    expect(await refusal(disown(invitation))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await reset(invitation)).toBe(true);
  });

  test('is the only use of its token', async () => {
    const { email, token } = await intrusion();
    expect(await refusal(reset(token))).toMatchObject({ code: 'INVALID_TOKEN' });
    const verification = gateway.send(VerifyEmailDocument, { input: { token } });
    expect(await refusal(verification)).toMatchObject({ code: 'INVALID_TOKEN' });
    await signInFrom(email);
    expect(await disown(token)).toBe(1);
  });
});

/** Invites a user as `postern users create` does. @returns the token of the invitation */
async function invite(email: string): Promise<string> {
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
  const app = await createApp(config, { clock: gateway.clock });
  try {
    const { token } = await createUserAsOperator(app.dependencies(), { email, role: 'USER', password: null });
    if (token === null) throw new Error('the invitation has no token');
    return token;
  } finally {
    await app.close();
  }
}

describe('a reset request', () => {
  test('gets the same response with or without an account', async () => {
    const [known, invited] = [await newUser(), newAddress()];
    await invite(invited);
    const deleted = await newUser();
    await gateway.database.query(`update users set status = 'DELETED', deleted_at = created_at where email = $1`, [
      deleted,
    ]);
    const before = await mailsDecidedOn('password_reset');
    const answers: { status: number; body: string; headers: string[] }[] = [];
    for (const email of [known, newAddress(), invited, deleted]) {
      const variables = { input: { email } };
      const response = await gateway.post({ query: print(RequestPasswordResetDocument), variables });
      answers.push({
        status: response.status,
        body: await response.text(),
        headers: [...response.headers.keys()].sort(),
      });
    }
    expect(answers[0]).toMatchObject({ status: 200, body: '{"data":{"requestPasswordReset":{"accepted":true}}}\n' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await mailsDecidedOn('password_reset')).toBe(before + 1);
    await gateway.mail.take(known, 'Reset your password');
  });

  test('is recorded with its outcome, without the address', async () => {
    const email = await newUser();
    const attacker = newAddress();
    const since = (await recorded('password.reset_requested')).length;
    gateway.clock.travel(1);
    await requestReset(email);
    await requestReset(attacker);
    const entries = (await recorded('password.reset_requested')).slice(since);
    expect(entries.map(({ details }) => details.result).sort()).toEqual(['no_account', 'sent']);
    expect(JSON.stringify(entries)).not.toContain('@example.com');
  });

  test('finds the account in any letter case', async () => {
    const email = await newUser();
    await requestReset(` ${email.toUpperCase()} `);
    await gateway.mail.take(email, 'Reset your password');
  });

  test('beyond three an hour is accepted silently, and the last sent link still works', async () => {
    const email = await newUser();
    const before = await mailsDecidedOn('password_reset');
    let token = '';
    for (let round = 1; round <= 3; round += 1) token = await resetTokenFor(email);
    expect(await requestReset(email)).toEqual({ requestPasswordReset: { accepted: true } });
    expect(await mailsDecidedOn('password_reset')).toBe(before + 3);
    expect(await reset(token)).toBe(true);
  });

  test('revokes no session and keeps the old password', async () => {
    const email = await newUser();
    const session = await signInFrom(email);
    await resetTokenFor(email);
    await expectValid(session);
    await signInFrom(email);
  });
});

interface Recorded {
  outcome: string;
  targetId: string | null;
  details: Record<string, unknown>;
}

function recorded(action: string): Promise<Recorded[]> {
  return gateway.database.query<Recorded>(
    'select outcome, target_id as "targetId", details from audit_entries where action = $1 order by occurred_at, id',
    [action],
  );
}

describe('a new password', () => {
  test('revokes every session of the user, and only the new password signs in', async () => {
    const [email, other] = [await newUser(), await newUser()];
    const [one, two] = [await signInFrom(email), await signInFrom(email)];
    const bystander = await signInFrom(other);
    const token = await resetTokenFor(email);
    expect(await reset(token)).toBe(true);
    await expectRevoked(one);
    await expectRevoked(two);
    await expectValid(bystander);
    expect(await endReasonsOf(one, two, bystander)).toEqual(['password_reset', 'password_reset']);
    expect(await refusal(signIn(gateway, email))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await expectValid(await signInFrom(email, { password: newPassword }));
    expect(await recorded('password.set')).toContainEqual({
      outcome: 'SUCCESS',
      targetId: one.viewer.id,
      details: { through: 'reset' },
    });
    await gateway.mail.take(email, 'Your password was changed');
  });

  test('can be set once', async () => {
    const email = await newUser();
    const token = await resetTokenFor(email);
    await reset(token);
    const session = await signInFrom(email, { password: newPassword });
    expect(await refusal(reset(token, 'Borrow 3 ladders'))).toMatchObject({ code: 'INVALID_TOKEN' });
    await expectValid(session);
    await signInFrom(email, { password: newPassword });
  });

  test('can be set for an hour', async () => {
    const [soon, late] = [await newUser(), await newUser()];
    const tokens = [await resetTokenFor(soon), await resetTokenFor(late)];
    gateway.clock.travel(hour - 60);
    expect(await reset(tokens[0] ?? '')).toBe(true);
    gateway.clock.travel(61);
    expect(await refusal(reset(tokens[1] ?? ''))).toMatchObject({ code: 'INVALID_TOKEN' });
    await signInFrom(late);
  });

  test('that is weak is reported and does not use up the token', async () => {
    const email = await newUser();
    const session = await signInFrom(email);
    const token = await resetTokenFor(email);
    for (const weak of ['short', 'P@ssw0rd', '', 'x'.repeat(129)]) {
      const { code, extensions } = await refusal(reset(token, weak));
      expect(code).toBe('BAD_USER_INPUT');
      expect(extensions.fields).toContainEqual(expect.objectContaining({ path: 'input.newPassword' }));
    }
    await expectValid(session);
    expect(await reset(token)).toBe(true);
  });

  test('without a token gets no answer about passwords', async () => {
    for (const password of ['short', newPassword]) {
      expect(await refusal(reset('A'.repeat(43), password))).toMatchObject({ code: 'INVALID_TOKEN' });
    }
  });

  test('needs the newest link', async () => {
    const email = await newUser();
    const [older, newer] = [await resetTokenFor(email), await resetTokenFor(email)];
    expect(await refusal(reset(older))).toMatchObject({ code: 'INVALID_TOKEN' });
    await signInFrom(email);
    expect(await reset(newer)).toBe(true);
  });

  test('does not lift a suspension', async () => {
    const email = await newUser();
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [email]);
    expect(await reset(await resetTokenFor(email))).toBe(true);
    expect(await refusal(signIn(gateway, email, newPassword))).toMatchObject({ code: 'ACCOUNT_SUSPENDED' });
  });

  test('set fifty times at once with one token is set once', { timeout: 60_000 }, async () => {
    const email = await newUser();
    const session = await signInFrom(email);
    const token = await resetTokenFor(email);
    const passwordOf = (caller: number) => `Wander ${100 + caller} lanterns`;
    const codeOf = async (caller: number): Promise<string> => {
      for (let attempt = 1; ; attempt += 1) {
        const code = await reset(token, passwordOf(caller)).then(
          () => 'reset',
          async (error: unknown) => (await refusal(Promise.reject(error))).code,
        );
        if (code !== 'SERVICE_BUSY' || attempt === 100) return code;
      }
    };
    const codes = await Promise.all(Array.from({ length: 50 }, (_, caller) => codeOf(caller)));
    expect(codes.filter((code) => code === 'reset')).toHaveLength(1);
    expect(codes.filter((code) => code === 'INVALID_TOKEN')).toHaveLength(49);
    await expectRevoked(session);
    await signInFrom(email, { password: passwordOf(codes.indexOf('reset')) });
    expect(await endReasonsOf(session)).toEqual(['password_reset']);
    const set = (await recorded('password.set')).filter(({ targetId }) => targetId === session.viewer.id);
    expect(set).toHaveLength(1);
  });
});
