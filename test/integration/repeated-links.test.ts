/** Links of mails that are used twice, and a change to an address that is being registered. */
import { describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal, registerUser, signIn } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument, RequestPasswordResetDocument, VerifyEmailDocument } from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { takeAll } from '../support/mail/mailbox.ts';
import { changeAddress, confirmAddress, disown, tokenForAddress } from '../support/people/address-change.ts';
import { auditTrail } from '../support/people/audit.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';

const gateway = useGateway({ TRUSTED_PROXIES: '127.0.0.1/32', LOCKOUT: '100/15m' });

async function newPerson() {
  const email = newAddress();
  await registerUser(gateway, email);
  return { email, session: await signIn(gateway, email) };
}

const code = async (call: Promise<unknown>) => (await refusal(call)).code;
const changesOf = async (userId: string) =>
  (await auditTrail(gateway.database, 'email.changed')).filter(({ targetId }) => targetId === userId);

describe('confirmEmailChange', () => {
  test('gives parallel and later requests of one link the same response for a minute, and changes the address once', async () => {
    const { session } = await newPerson();
    const to = newAddress();
    const token = await tokenForAddress(gateway, session, to);
    const answers = await atOnce(5, () => confirmAddress(gateway, token, session));
    expect(codesOf(answers)).toEqual({});
    expect(new Set(valuesOf(answers).map((answer) => JSON.stringify(answer))).size).toBe(1);
    gateway.clock.travel(58);
    expect(await confirmAddress(gateway, token, session)).toEqual(valuesOf(answers)[0]);
    expect(await changesOf(session.viewer.id)).toHaveLength(1);
    gateway.clock.travel(3);
    expect(await code(confirmAddress(gateway, token, session))).toBe('INVALID_TOKEN');
  });

  test('needs a session of the account while a registration of the new address is pending, and keeps the link', async () => {
    const { email, session } = await newPerson();
    const to = newAddress();
    const token = await tokenForAddress(gateway, session, to);
    await gateway.send(RegisterDocument, { input: { email: to, password: goodPassword } });
    const registration = tokenIn(await gateway.mail.take(to, 'Confirm your e-mail address'));
    const other = await newPerson();
    expect(await code(confirmAddress(gateway, token))).toBe('INVALID_TOKEN');
    expect(await code(confirmAddress(gateway, token, other.session))).toBe('INVALID_TOKEN');
    expect((await signIn(gateway, email)).viewer.email).toBe(email);
    await confirmAddress(gateway, token, session);
    expect((await signIn(gateway, to)).viewer.id).toBe(session.viewer.id);
    expect(await code(gateway.send(VerifyEmailDocument, { input: { token: registration } }))).toBe('INVALID_TOKEN');
  });

  test('needs no session after the registration of the new address expired', async () => {
    const { session } = await newPerson();
    const to = newAddress();
    await gateway.send(RegisterDocument, { input: { email: to, password: goodPassword } });
    gateway.clock.travel(23.5 * 3600);
    const again = await signIn(gateway, session.viewer.email);
    const token = await tokenForAddress(gateway, again, to);
    expect(await code(confirmAddress(gateway, token))).toBe('INVALID_TOKEN');
    gateway.clock.travel(0.55 * 3600);
    await confirmAddress(gateway, token);
    expect((await signIn(gateway, to)).viewer.id).toBe(session.viewer.id);
  });

  test('leaves the address to a registration that is confirmed first', async () => {
    const { session } = await newPerson();
    const to = newAddress();
    const token = await tokenForAddress(gateway, session, to);
    await gateway.send(RegisterDocument, { input: { email: to, password: goodPassword } });
    const registration = tokenIn(await gateway.mail.take(to, 'Confirm your e-mail address'));
    await gateway.send(VerifyEmailDocument, { input: { token: registration } });
    expect(await code(confirmAddress(gateway, token, session))).toBe('INVALID_TOKEN');
    expect((await signIn(gateway, to)).viewer.id).not.toBe(session.viewer.id);
  });
});

test('disownSession gives parallel and later requests of one link the same response for a minute, and recovers once', async () => {
  const { email, session } = await newPerson();
  const { noticeToken } = await changeAddress(gateway, session, email, newAddress());
  const answers = await atOnce(5, () => disown(gateway, noticeToken));
  expect(codesOf(answers)).toEqual({});
  expect(new Set(valuesOf(answers).map((answer) => JSON.stringify(answer))).size).toBe(1);
  gateway.clock.travel(58);
  expect(await disown(gateway, noticeToken)).toEqual(valuesOf(answers)[0]);
  const recoveries = await auditTrail(gateway.database, 'account.recovered');
  expect(recoveries.filter(({ targetId }) => targetId === session.viewer.id)).toHaveLength(1);
  gateway.clock.travel(3);
  expect(await code(disown(gateway, noticeToken))).toBe('INVALID_TOKEN');
});

test('an address gets three mails of a kind an hour from one network, and twelve from all networks', async () => {
  const { email } = await newPerson();
  for (let network = 1; network <= 6; network += 1) {
    for (let time = 0; time < 4; time += 1) {
      const body = bodyOf(RequestPasswordResetDocument, { input: { email } });
      const response = await gateway.post(body, { 'x-forwarded-for': `198.51.100.${network}` });
      expect(await response.json()).toMatchObject({ data: { requestPasswordReset: { accepted: true } } });
    }
    if (network === 1) expect(await takeAll(gateway, email)).toHaveLength(3);
  }
  // The confirmation of the registration is one of the twelve.
  expect(await takeAll(gateway, email)).toHaveLength(8);
});
