/** Phones as a second factor: beside another one, at the second step only, and not for roles that require a factor. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { BeginMfaCodeDocument, DisableTotpDocument, MfaDocument } from '../support/generated/graphql.ts';
import { answer, challenge, type Enrolled, enrol } from '../support/people/authenticator.ts';
import { otherCode } from '../support/people/mail-codes.ts';
import { addPhone, beginPhone, confirmPhone, newNumber, phonesOf, removePhone } from '../support/people/phones.ts';
import { startTwilioServer, type TwilioServer } from '../support/servers/twilio-server.ts';

const settings: Record<string, string> = {
  RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
  SMS_AS_FACTOR: 'allow',
  MFA_REQUIRED_FOR: 'ADMIN',
  SMS_BUDGET: '1000/1d',
  SMS_BUDGET_PER_PREFIX: '1000/1h',
};
let twilio: TwilioServer;
beforeAll(async () => {
  twilio = await startTwilioServer();
  Object.assign(settings, twilio.settings);
});
afterAll(() => twilio.stop());
const gateway = useGateway(settings);
beforeEach(() => {
  twilio.accepted.length = 0;
});

const codeOf = (call: Promise<unknown>) => refusal(call).then(({ code }) => code);
const tokenOf = ({ session }: Enrolled) => ({ accessToken: session.accessToken });

async function withPhone() {
  const user = await enrol(gateway);
  const number = newNumber();
  const phone = await addPhone(gateway, twilio, tokenOf(user), { number, factor: true });
  return { user, number, phone };
}

async function sendCode(ticket: string) {
  const input = { ticket, method: 'SMS_CODE' as const };
  return (await gateway.send(BeginMfaCodeDocument, { input })).beginMfaCode;
}

async function signInBySms({ user, number }: Awaited<ReturnType<typeof withPhone>>) {
  const { ticket, methods } = await challenge(gateway, user.email);
  const sent = await sendCode(ticket);
  const code = await twilio.takeCode(number);
  return { methods, sent, session: await answer(gateway, ticket, code, 'SMS_CODE') };
}

const claimsOf = (accessToken: string) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
const setRole = (email: string, role: string) =>
  gateway.database.query('update users set role_name = $2 where email = $1', [email, role]);

describe('a phone as a factor', () => {
  test('answers the second step, and the session is AAL2', async () => {
    const owner = await withPhone();
    expect(owner.phone.factor).toBe(true);
    const { methods, sent, session } = await signInBySms(owner);
    expect(methods).toEqual(['TOTP', 'BACKUP_CODE', 'SMS_CODE']);
    expect(sent).toMatchObject({ channel: 'SMS', maskedTarget: owner.phone.maskedNumber });
    expect(session.session).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'SMS_CODE'] });
    expect(claimsOf(session.accessToken)).toMatchObject({ amr: ['pwd', 'sms', 'mfa'], acr: 'AAL2' });
  });

  test('needs another factor, and its code stays valid without the wish', async () => {
    const ada = await gateway.person();
    const number = newNumber();
    const { flow } = await beginPhone(gateway, ada, number);
    const code = await twilio.takeCode(number);
    expect(await codeOf(confirmPhone(gateway, ada, { flow, code, factor: true }))).toBe('CONFLICT');
    expect(await confirmPhone(gateway, ada, { flow, code })).toMatchObject({ factor: false });
  });

  test('ends with the last other factor, and so does the level of its sessions', async () => {
    const owner = await withPhone();
    const { session } = await signInBySms(owner);
    const input = { code: owner.user.code() };
    await gateway.send(DisableTotpDocument, { input }, owner.user.session.accessToken);
    expect(await phonesOf(gateway, owner.user.session)).toMatchObject([{ factor: false }]);
    const { viewer } = await gateway.send(MfaDocument, {}, session.accessToken);
    expect(viewer?.mfa.methods).toEqual([]);
    const [row] = await gateway.database.query(
      'select proven_phone_id is null as "isCleared" from token_families where id = $1',
      [session.session.id],
    );
    expect(row).toEqual({ isCleared: true });
  });

  test('that is removed proves nothing any more', async () => {
    const owner = await withPhone();
    const { session } = await signInBySms(owner);
    await removePhone(gateway, tokenOf(owner.user), owner.phone.id);
    expect(await codeOf(beginPhone(gateway, session, newNumber()))).toBe('REAUTHENTICATION_REQUIRED');
    const { methods, ticket } = await challenge(gateway, owner.user.email);
    expect(methods).not.toContain('SMS_CODE');
    expect(await codeOf(sendCode(ticket))).toBe('MFA_NOT_ENABLED');
  });

  test('of a verified number is switched by a new confirmation', async () => {
    const owner = await withPhone();
    const phone = await addPhone(gateway, twilio, tokenOf(owner.user), { number: owner.number, factor: false });
    expect(phone).toMatchObject({ id: owner.phone.id, factor: false });
    expect((await challenge(gateway, owner.user.email)).methods).not.toContain('SMS_CODE');
  });

  test('is part of the status', async () => {
    const { user } = await withPhone();
    const { viewer } = await gateway.send(MfaDocument, {}, user.session.accessToken);
    expect(viewer?.mfa.methods).toEqual(['TOTP', 'BACKUP_CODE', 'SMS_CODE']);
  });
});

describe('the code of a ticket', () => {
  test('is accepted for its ticket only, and the newest one counts', async () => {
    const owner = await withPhone();
    const [one, other] = [await challenge(gateway, owner.user.email), await challenge(gateway, owner.user.email)];
    await sendCode(one.ticket);
    const first = await twilio.takeCode(owner.number);
    expect(await codeOf(answer(gateway, other.ticket, first, 'SMS_CODE'))).toBe('INVALID_MFA_CODE');
    gateway.clock.travel(1);
    await sendCode(one.ticket);
    const second = await twilio.takeCode(owner.number);
    await expect(answer(gateway, one.ticket, second, 'SMS_CODE')).resolves.toBeDefined();
  });

  test('wrong five times ends the ticket', async () => {
    const owner = await withPhone();
    const { ticket } = await challenge(gateway, owner.user.email);
    await sendCode(ticket);
    const code = await twilio.takeCode(owner.number);
    for (let guess = 0; guess < 5; guess += 1)
      expect(await codeOf(answer(gateway, ticket, otherCode(code), 'SMS_CODE'))).toBe('INVALID_MFA_CODE');
    expect(await codeOf(answer(gateway, ticket, code, 'SMS_CODE'))).toBe('INVALID_MFA_TICKET');
  });

  test('is sent five times an hour to one number', async () => {
    const owner = await withPhone();
    const { ticket } = await challenge(gateway, owner.user.email);
    for (let message = 1; message < 5; message += 1) await sendCode(ticket);
    const { code, extensions } = await refusal(sendCode(ticket));
    expect([code, extensions.retryAfter]).toEqual(['RATE_LIMITED', 3600]);
  });
});

describe('a role that requires a second factor', () => {
  test('does not get codes by message, also when it was given later', async () => {
    const owner = await withPhone();
    const { session } = await signInBySms(owner);
    await setRole(owner.user.email, 'ADMIN');
    const { ticket, methods } = await challenge(gateway, owner.user.email);
    expect(methods).toEqual(['TOTP', 'BACKUP_CODE']);
    expect(await codeOf(sendCode(ticket))).toBe('MFA_NOT_ENABLED');
    // A session that such a code proved before is AAL1 for the role.
    const { viewer } = await gateway.send(MfaDocument, {}, owner.user.session.accessToken);
    expect(viewer?.mfa.methods).not.toContain('SMS_CODE');
    expect(await codeOf(beginPhone(gateway, session, newNumber()))).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('cannot make a phone a factor', async () => {
    const user = await enrol(gateway);
    await setRole(user.email, 'ADMIN');
    const number = newNumber();
    const { flow } = await beginPhone(gateway, user.session, number);
    const code = await twilio.takeCode(number);
    const { code: error, extensions } = await refusal(
      confirmPhone(gateway, user.session, { flow, code, factor: true }),
    );
    expect([error, extensions.reason]).toEqual(['FORBIDDEN', 'METHOD_DISABLED']);
  });

  test('accepts a code that was sent before no more', async () => {
    const owner = await withPhone();
    const { ticket } = await challenge(gateway, owner.user.email);
    await sendCode(ticket);
    const code = await twilio.takeCode(owner.number);
    await setRole(owner.user.email, 'ADMIN');
    expect(await codeOf(answer(gateway, ticket, code, 'SMS_CODE'))).toBe('INVALID_MFA_CODE');
  });
});
