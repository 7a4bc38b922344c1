/** Hooks of registrations, invitations and mails. `register` answers alike and at once, whatever the hook decides. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { CreateUserDocument, RegisterDocument, RequestPasswordResetDocument } from '../support/generated/graphql.ts';
import { recipientsOf } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { importedUser, importUsers } from '../support/people/imported.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';
import { allow, type HookReply, type HookServer, refuse, startHookServer } from '../support/servers/hook-server.ts';

let hooks: HookServer;
let gateway: TestGateway;
beforeAll(async () => {
  hooks = await startHookServer();
  gateway = await startTestGateway(await hooks.settings({ beforeRegister: {}, beforeInvite: {} }));
});
afterAll(async () => {
  await gateway.stop();
  await hooks.stop();
});
afterEach(() => {
  hooks.reset();
  gateway.clock.travel(61);
});

const input = (email: string) => ({ input: { email, password: goodPassword, displayName: 'Ada' } });
const register = (at: TestGateway, email: string) => answerOf(at.post(bodyOf(RegisterDocument, input(email))));

function registrationsOf(email: string): Promise<{ id: string }[]> {
  return gateway.database.query('select id from registrations where email = $1', [email]);
}

describe('beforeRegister', () => {
  test('gets the address and the name, and allows', async () => {
    const email = newAddress();
    await register(gateway, email);
    await until('the call', () => hooks.callsOf('beforeRegister').length === 1);
    const [{ data } = {}] = hooks.callsOf('beforeRegister');
    expect(data).toEqual({
      email,
      displayName: 'Ada',
      locale: null,
      client: { ipAddress: '127.0.0.1', userAgent: null },
    });
    await gateway.mail.take(email, 'Confirm your e-mail address');
  });

  test('changes neither the answer nor its time: the hook is asked afterwards', async () => {
    const { promise, resolve } = Promise.withResolvers<HookReply>();
    hooks.on('beforeRegister', () => promise);
    const refused = newAddress();
    const answer = await register(gateway, refused);
    resolve(refuse());
    const allowed = newAddress();
    hooks.on('beforeRegister', () => allow());
    const other = await register(gateway, allowed);
    expect(comparable(answer)).toBe(comparable(other));
    expect(answer.text).toContain('VERIFICATION_SENT');
    await gateway.mail.take(allowed, 'Confirm your e-mail address');
  });

  test('that refuses deletes the registration, and no mail leaves', async () => {
    const email = newAddress();
    hooks.on('beforeRegister', () => refuse({ reason: 'NOT_A_CUSTOMER' }));
    await register(gateway, email);
    await until('the refusal', async () => (await registrationsOf(email)).length === 0);
    expect((await auditTrail(gateway.database, 'policy.refused')).at(-1)).toMatchObject({
      targetType: 'registration',
      details: { point: 'beforeRegister', reason: 'NOT_A_CUSTOMER' },
    });
    const unsent = `select 1 from outbox_mails where kind = 'verify_email' and state = 'pending'`;
    await until('the end of the mail', async () => (await gateway.database.query(unsent)).length === 0);
    hooks.reset();
    await register(gateway, email);
    await until('another mail', () => gateway.mail.mails.some((mail) => recipientsOf(mail).includes(email)));
    expect(gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(email))).toHaveLength(1);
  });

  test('that fails delays the mail, and does not lose it', async () => {
    const email = newAddress();
    hooks.on('beforeRegister', () => ({ status: 503, body: '' }));
    await register(gateway, email);
    await until('the failure', async () => (await auditTrail(gateway.database, 'hook.failed')).length > 0);
    expect(await registrationsOf(email)).toHaveLength(1);
    hooks.reset();
    gateway.clock.travel(60);
    await gateway.mail.take(email, 'Confirm your e-mail address');
  });

  test('is not asked about an address that has an account', async () => {
    const email = await registerUser(gateway);
    hooks.reset();
    await register(gateway, email);
    await gateway.mail.take(email, 'You already have an account');
    expect(hooks.callsOf('beforeRegister')).toEqual([]);
  });

  describe('without verification', () => {
    let open: TestGateway;
    beforeAll(async () => {
      const settings = await hooks.settings({ beforeRegister: {} });
      open = await startTestGateway({ ...settings, EMAIL_VERIFICATION: 'off' }, gateway);
    });
    afterAll(() => open.stop());

    test('refuses before the answer, and creates no account', async () => {
      const email = newAddress();
      hooks.on('beforeRegister', () => refuse({ reason: 'NOT_A_CUSTOMER', message: 'Ask our sales team.' }));
      expect(await refusal(open.send(RegisterDocument, input(email)))).toMatchObject({
        code: 'REFUSED_BY_POLICY',
        message: 'Ask our sales team.',
        extensions: { reason: 'NOT_A_CUSTOMER' },
      });
      expect(await gateway.database.query('select 1 from users where email = $1', [email])).toEqual([]);
      hooks.reset();
      await open.send(RegisterDocument, input(email));
      await signIn(open, email);
    });
  });
});

describe('beforeInvite', () => {
  test('gets the inviter, the address and the role, and refuses', async () => {
    const { accessToken, viewer } = await registerUserWithRole(gateway, 'ADMIN');
    const email = newAddress();
    hooks.on('beforeInvite', () => refuse({ reason: 'NO_SEAT' }));
    const invitation = { input: { email, role: 'USER' } };
    expect(await refusal(gateway.send(CreateUserDocument, invitation, accessToken))).toMatchObject({
      code: 'REFUSED_BY_POLICY',
      extensions: { reason: 'NO_SEAT' },
    });
    expect(hooks.callsOf('beforeInvite')).toMatchObject([
      { data: { inviter: { id: viewer.id, kind: 'user' }, email, displayName: null, role: 'USER' } },
    ]);
    expect((await auditTrail(gateway.database, 'policy.refused')).at(-1)).toMatchObject({
      actorId: viewer.id,
      details: { point: 'beforeInvite', reason: 'NO_SEAT' },
    });
    hooks.reset();
    await gateway.send(CreateUserDocument, invitation, accessToken);
    await gateway.mail.take(email);
  });
});

describe('beforeInvite of importUsers', () => {
  test('is asked about each user outside of the transaction, and refuses some', async () => {
    const { accessToken, viewer } = await registerUserWithRole(gateway, 'ADMIN');
    const users = await Promise.all(Array.from({ length: 20 }, () => importedUser({ passwordHash: null })));
    const seatless = users.filter((_, index) => index % 3 === 0).map(({ email }) => email);
    const isIdle = async () => {
      const text = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
      return (await gateway.database.query(text)).length === 0;
    };
    hooks.on('beforeInvite', async ({ data }) => {
      await until('an idle pool', isIdle, 1500);
      return seatless.includes(data.email) ? refuse({ reason: 'NO_SEAT' }) : allow();
    });
    const results = await importUsers(gateway, accessToken, users);
    expect(results.map(({ outcome, reason }) => reason ?? outcome)).toEqual(
      users.map(({ email }) => (seatless.includes(email) ? 'REFUSED_BY_POLICY' : 'CREATED')),
    );
    expect(results.map(({ externalId }) => externalId)).toEqual(users.map(({ externalId }) => externalId));
    expect(hooks.callsOf('beforeInvite')[0]).toMatchObject({
      dryRun: false,
      data: { inviter: { id: viewer.id, kind: 'user' }, displayName: null, role: 'USER' },
    });
    hooks.reset();
    await importUsers(gateway, accessToken, users, { dryRun: true });
    expect(new Set(hooks.callsOf('beforeInvite').map(({ dryRun }) => dryRun))).toEqual(new Set([true]));
  });

  test('that fails imports no user', async () => {
    const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
    const users = [await importedUser({ passwordHash: null }), await importedUser({ passwordHash: null })];
    hooks.on('beforeInvite', ({ data }) => (data.email === users[1]?.email ? { status: 500, body: '' } : allow()));
    expect((await refusal(importUsers(gateway, accessToken, users))).code).toBe('SERVICE_UNAVAILABLE');
    expect(
      await gateway.database.query('select from users where email = any($1)', [users.map(({ email }) => email)]),
    ).toEqual([]);
  });
});

describe('sendMail', () => {
  let delegating: TestGateway;
  beforeAll(async () => {
    delegating = await startTestGateway({ ...(await hooks.settings({ sendMail: {} })), SMTP_URL: '' });
  });
  afterAll(() => delegating.stop());

  const sent = async (email: string) => {
    await delegating.send(RegisterDocument, input(email));
    return until('the mail', () => hooks.callsOf('sendMail').find(({ data }) => data.to === email));
  };
  const stateOf = async (id: string) => {
    const text = 'select state, last_error as "lastError" from outbox_mails where id = $1';
    return (await delegating.database.query<{ state: string; lastError: string | null }>(text, [id]))[0];
  };

  test('gets the rendered mail, and 2xx delivers it', async () => {
    const email = newAddress();
    hooks.on('sendMail', () => ({ status: 202, body: 'queued' }));
    const { data } = await sent(email);
    expect(data).toMatchObject({
      kind: 'verify_email',
      from: { name: 'Postern', address: 'no-reply@auth.example.com' },
      to: email,
      locale: 'en',
      subject: expect.stringContaining('Confirm'),
      text: expect.stringContaining('#token='),
      html: expect.stringContaining('#token='),
    });
    await until('the delivery', async () => (await stateOf(data.id))?.state === 'sent');
    expect(delegating.mail.mails).toEqual([]);
  });

  test('with 503 tries the same mail again', async () => {
    const email = newAddress();
    hooks.on('sendMail', () => ({ status: 503, body: '' }));
    const { data } = await sent(email);
    await until('the failure', async () => (await stateOf(data.id))?.lastError === 'HOOK_FAILED');
    hooks.reset();
    delegating.clock.travel(60);
    const repeated = await until('the repetition', () => hooks.callsOf('sendMail')[0]);
    expect(repeated.data.id).toBe(data.id);
    await until('the delivery', async () => (await stateOf(data.id))?.state === 'sent');
  });

  test('with 422 gives the mail up', async () => {
    hooks.on('sendMail', () => ({ status: 422, body: '' }));
    const { data } = await sent(newAddress());
    await until('the end', async () => (await stateOf(data.id))?.state === 'dead');
    expect((await stateOf(data.id))?.lastError).toBe('HOOK_REJECTED');
  });

  test('delays no request', async () => {
    const { promise, resolve } = Promise.withResolvers<HookReply>();
    hooks.on('sendMail', () => promise);
    await delegating.send(RequestPasswordResetDocument, { input: { email: newAddress() } });
    resolve(allow());
  });
});
