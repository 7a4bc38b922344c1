/** Signing in with the code of a mail, and with its link: who can, how often, and what an attacker gains. */
import { describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal, sessionIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginMfaCodeDocument,
  EnabledMethodsDocument,
  FullVerifyMfaDocument,
  FullViewerDocument,
  RegisterDocument,
  SignInMethodsDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent, takeAll } from '../support/mail/mailbox.ts';
import { challenge, enrol } from '../support/people/authenticator.ts';
import {
  beginCode,
  beginCodeFrom,
  codeIn,
  completeCode,
  confirmationSubject,
  mailedCode,
  newVerifier,
  otherCode,
  signInByCode,
  signInSubject,
} from '../support/people/mail-codes.ts';
import { createUser, tryPassword, tryRight } from '../support/people/password-attempts.ts';

const enabled = { SIGN_IN_METHODS: 'password,passkey,email-code' };
const gateway = useGateway({ ...enabled, LOCKOUT: '20/15m', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });

const codeOf = (call: Promise<unknown>) => refusal(call).then(({ code }) => code);

async function auditedOf(email: string, action: string) {
  return gateway.database.query<{ details: Record<string, unknown> }>(
    `select a.details from audit_entries a join audit_entries b on b.details->>'addressHash' = a.details->>'addressHash'
     join users u on u.id::text = b.target_id where u.email = $1 and a.action = $2
     group by a.id, a.details order by a.id`,
    [email, action],
  );
}

describe('the code of a mail', () => {
  test('signs in, with one factor', async () => {
    const email = await createUser(gateway);
    const sent = await beginCode(gateway, email);
    expect(sent).toEqual({
      flow: expect.stringMatching(/^[\w-]{43}$/),
      channel: 'EMAIL',
      maskedTarget: `${email[0]}•••@example.com`,
      expiresAt: new Date(gateway.clock.now().getTime() + 600_000).toISOString(),
      resendAfter: 60,
    });
    const mail = await gateway.mail.take(email, signInSubject);
    expect(mail.text).not.toContain('#token=');
    const session = sessionIn(await completeCode(gateway, { flow: sent.flow, code: codeIn(mail) }));
    expect(session.session).toMatchObject({ methods: ['EMAIL_CODE'], assurance: 'AAL1' });
    expect(session.viewer.email).toBe(email);
    const claims = JSON.parse(Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ amr: ['otp'], acr: 'AAL1' });
    const [started] = await gateway.database.query(
      `select details from audit_entries where action = 'session.started' and session_id = $1`,
      [session.session.id],
    );
    expect(started).toMatchObject({ details: { methods: ['EMAIL_CODE'] } });
  });

  test('is read with blanks, dashes and the digits of another script', async () => {
    const email = await createUser(gateway);
    const { flow, code } = await mailedCode(gateway, email);
    const fullWidth = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    const typed = `${fullWidth.slice(0, 4)} - ${fullWidth.slice(4)}`;
    await expect(completeCode(gateway, { flow, code: typed })).resolves.toMatchObject({ __typename: 'AuthSession' });
  });

  test('works once', async () => {
    const { flow, code } = await mailedCode(gateway, await createUser(gateway));
    await completeCode(gateway, { flow, code });
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('INVALID_TOKEN');
  });

  test('of one flow is wrong for another one', async () => {
    const email = await createUser(gateway);
    const first = await mailedCode(gateway, email);
    const second = await mailedCode(gateway, email);
    expect(await codeOf(completeCode(gateway, { flow: second.flow, code: first.code }))).toBe('INVALID_CREDENTIALS');
    await expect(completeCode(gateway, { flow: second.flow, code: second.code })).resolves.toBeDefined();
    await expect(completeCode(gateway, { flow: first.flow, code: first.code })).resolves.toBeDefined();
  });

  test('is refused after five wrong ones', async () => {
    const email = await createUser(gateway);
    const { flow, code } = await mailedCode(gateway, email);
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect(await codeOf(completeCode(gateway, { flow, code: otherCode(code) }))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('INVALID_TOKEN');
    const refused = (await auditedOf(email, 'code.refused')).map(({ details }) => details.reason);
    expect(refused).toEqual([...Array.from({ length: 5 }, () => 'wrong_code'), 'locked']);
  });

  test('expires after ten minutes, and survives a clock that goes back', async () => {
    const email = await createUser(gateway);
    const { flow, code } = await mailedCode(gateway, email);
    const early = await mailedCode(gateway, email);
    gateway.clock.travel(-30);
    await expect(completeCode(gateway, { flow: early.flow, code: early.code })).resolves.toBeDefined();
    gateway.clock.travel(30 + 600);
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('INVALID_TOKEN');
  });

  test('does not open an account whose address has changed since', async () => {
    const email = await createUser(gateway);
    const { flow, code } = await mailedCode(gateway, email);
    await gateway.database.query('update users set email = $2 where email = $1', [email, newAddress()]);
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('INVALID_TOKEN');
  });

  test('tells the state of a suspended account, and never without a code', async () => {
    const email = await createUser(gateway);
    const { flow, code } = await mailedCode(gateway, email);
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [email]);
    expect(await codeOf(completeCode(gateway, { flow, code: otherCode(code) }))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('ACCOUNT_SUSPENDED');
    await beginCode(gateway, email);
    expect(await takeAll(gateway, email)).toEqual([]);
  });

  test('needs a flow: an unknown one and malformed input are refused', async () => {
    const { codeVerifier } = newVerifier();
    const { flow, code } = await mailedCode(gateway, await createUser(gateway));
    expect(await codeOf(completeCode(gateway, { flow: codeVerifier, code }))).toBe('INVALID_TOKEN');
    expect(await codeOf(completeCode(gateway, { flow: 'flow', code }))).toBe('INVALID_TOKEN');
    for (const input of [{}, { flow }, { code }, { flow, code, token: codeVerifier }, { token: codeVerifier }])
      expect(await codeOf(completeCode(gateway, input))).toBe('BAD_USER_INPUT');
  });
});

describe('the link of a mail', () => {
  test('signs in the browser that asked for it, once', async () => {
    const { token, codeVerifier, flow, code } = await mailedCode(gateway, await createUser(gateway));
    await expect(completeCode(gateway, { token, codeVerifier })).resolves.toMatchObject({ __typename: 'AuthSession' });
    expect(await codeOf(completeCode(gateway, { token, codeVerifier }))).toBe('INVALID_TOKEN');
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('INVALID_TOKEN');
  });

  test('changes nothing without the verifier of its browser', async () => {
    const email = await createUser(gateway);
    const { token, codeVerifier } = await mailedCode(gateway, email);
    const other = await mailedCode(gateway, email);
    for (const wrong of [other.codeVerifier, newVerifier().codeVerifier, '', 'short', `${codeVerifier}x`])
      expect(await codeOf(completeCode(gateway, { token, codeVerifier: wrong }))).toBe('INVALID_TOKEN');
    const [row] = await gateway.database.query(
      `select attempts, used_at from code_flows where token_hash = sha256($1::bytea)`,
      [Buffer.from(token)],
    );
    expect(row).toEqual({ attempts: 0, used_at: null });
    await expect(completeCode(gateway, { token, codeVerifier })).resolves.toBeDefined();
  });

  test('takes the code in another browser, and is of no use without it', async () => {
    const { token, code } = await mailedCode(gateway, await createUser(gateway));
    expect(await codeOf(completeCode(gateway, { flow: token, code: otherCode(code) }))).toBe('INVALID_CREDENTIALS');
    await expect(completeCode(gateway, { flow: token, code })).resolves.toMatchObject({ __typename: 'AuthSession' });
  });

  test('is not the handle: what `beginCodeLogin` returns signs in nobody without the mail', async () => {
    const { flow, codeVerifier } = await mailedCode(gateway, await createUser(gateway));
    expect(await codeOf(completeCode(gateway, { token: flow, codeVerifier }))).toBe('INVALID_TOKEN');
  });

  test('needs a challenge of the right form', async () => {
    expect(await codeOf(beginCode(gateway, newAddress(), 'short'))).toBe('BAD_USER_INPUT');
  });
});

describe('an attacker', () => {
  const proxied = useGateway({ ...enabled, LOCKOUT: '3/15m', TRUSTED_PROXIES: '127.0.0.1/32' }, gateway);

  test('who asks for a hundred codes neither ends nor withholds those of the owner', async () => {
    const email = await createUser(gateway);
    const before = await beginCodeFrom(proxied, '192.0.2.7', email);
    const first = codeIn(await gateway.mail.take(email, signInSubject));
    for (let request = 0; request < 100; request += 1) await beginCodeFrom(proxied, '198.51.100.1', email);
    expect(await takeAll(gateway, email)).toHaveLength(3);
    const after = await beginCodeFrom(proxied, '192.0.2.7', email);
    const second = codeIn(await gateway.mail.take(email, signInSubject));
    await expect(completeCode(gateway, { flow: before.flow, code: first })).resolves.toBeDefined();
    await expect(completeCode(gateway, { flow: after.flow, code: second })).resolves.toBeDefined();
  });

  test('who guesses locks neither the link of the owner nor a device that signed in before', async () => {
    const email = await createUser(gateway);
    const { deviceToken } = await tryRight(proxied, email);
    const { flow, code, token, codeVerifier } = await mailedCode(gateway, email);
    for (let guess = 0; guess < 3; guess += 1)
      expect(await codeOf(completeCode(proxied, { flow, code: otherCode(code) }))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(completeCode(proxied, { flow, code }))).toBe('TOO_MANY_ATTEMPTS');
    expect(await tryRight(proxied, email, { 'x-device-token': deviceToken ?? '' })).toMatchObject({
      code: 'signed in',
    });
    await expect(completeCode(proxied, { token, codeVerifier })).resolves.toBeDefined();
  });

  test('has no further guesses with further flows: codes and passwords are counted together', async () => {
    const email = await createUser(gateway);
    const { flow, code } = await mailedCode(gateway, email);
    const other = await mailedCode(gateway, email);
    expect(await codeOf(completeCode(proxied, { flow, code: otherCode(code) }))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(completeCode(proxied, { ...pick(other), code: otherCode(other.code) }))).toBe(
      'INVALID_CREDENTIALS',
    );
    expect(await tryPassword(proxied, email)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await codeOf(completeCode(proxied, pick(other)))).toBe('TOO_MANY_ATTEMPTS');
  });

  const pick = ({ flow, code }: { flow: string; code: string }) => ({ flow, code });
});

describe('a second factor', () => {
  test('is asked for after a mail code, and a second code of the same mailbox is none', async () => {
    const user = await enrol(gateway);
    const { flow, code } = await mailedCode(gateway, user.email);
    const answer = await completeCode(gateway, { flow, code });
    if (answer.__typename !== 'MfaChallenge') throw new Error('expected a challenge');
    expect(answer.methods).toEqual(['TOTP', 'BACKUP_CODE']);
    const { ticket } = answer;
    expect(await codeOf(gateway.send(BeginMfaCodeDocument, { input: { ticket, method: 'EMAIL_CODE' } }))).toBe(
      'MFA_NOT_ENABLED',
    );
    const { verifyMfa } = await gateway.send(FullVerifyMfaDocument, {
      input: { ticket, method: 'TOTP', code: user.code() },
    });
    expect(verifyMfa.session).toMatchObject({ methods: ['EMAIL_CODE', 'TOTP'], assurance: 'AAL2' });
  });

  test('is not replaced by a mail code after the password either', async () => {
    const { ticket } = await challenge(gateway, (await enrol(gateway)).email);
    const input = { ticket, method: 'EMAIL_CODE' } as const;
    expect(await codeOf(gateway.send(BeginMfaCodeDocument, { input }))).toBe('MFA_NOT_ENABLED');
    const guess = { ...input, code: '12345678' };
    expect(await codeOf(gateway.send(FullVerifyMfaDocument, { input: guess }))).toBe('INVALID_MFA_CODE');
  });
});

describe('an account without a password', () => {
  test('is registered, and signs in by mail', async () => {
    const email = newAddress();
    await gateway.send(RegisterDocument, { input: { email } });
    const token = tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
    await gateway.send(VerifyEmailDocument, { input: { token } });
    const { accessToken } = await signInByCode(gateway, email);
    const { viewer } = await gateway.send(SignInMethodsDocument, {}, accessToken);
    expect(viewer).toEqual({ hasPassword: false, signInMethods: ['EMAIL_CODE'] });
    expect(await takeAll(gateway, email)).toEqual([]);
  });

  test('is not confirmed by a code: a registration waits for its own link', async () => {
    const email = newAddress();
    await gateway.send(RegisterDocument, { input: { email } });
    await gateway.mail.take(email, 'Confirm your e-mail address');
    const { flow } = await beginCode(gateway, email);
    expect(await takeAll(gateway, email)).toEqual([]);
    expect(await codeOf(completeCode(gateway, { flow, code: '12345678' }))).toBe('INVALID_CREDENTIALS');
    expect(await gateway.database.query('select from users where email = $1', [email])).toEqual([]);
  });
});

describe('an address that is not verified', () => {
  const unverified = useGateway({ ...enabled, EMAIL_VERIFICATION: 'off' }, gateway);

  test('is verified by the code, when the account has no other way in', async () => {
    const email = newAddress();
    await unverified.send(RegisterDocument, { input: { email } });
    const { accessToken } = await signInByCode(gateway, email);
    expect((await gateway.send(FullViewerDocument, {}, accessToken)).viewer).toMatchObject({ emailVerified: true });
  });

  test('gets no code when another person may hold a password or an identity of the account', async () => {
    const withPassword = newAddress();
    await unverified.send(RegisterDocument, { input: { email: withPassword, password: goodPassword } });
    const withIdentity = newAddress();
    await unverified.send(RegisterDocument, { input: { email: withIdentity } });
    await addIdentity(withIdentity);
    for (const email of [withPassword, withIdentity]) {
      await beginCode(gateway, email);
      expect(await takeAll(gateway, email)).toEqual([]);
    }
  });

  test('is not verified when the other person adds an identity after the mail', async () => {
    const email = newAddress();
    await unverified.send(RegisterDocument, { input: { email } });
    const { flow, code } = await mailedCode(gateway, email);
    await addIdentity(email);
    expect(await codeOf(completeCode(gateway, { flow, code }))).toBe('INVALID_TOKEN');
  });

  const addIdentity = (email: string) =>
    gateway.database.query(
      `insert into identities (id, user_id, provider_id, issuer, subject, linked_at)
       select gen_random_uuid(), id, gen_random_uuid(), 'https://provider.example.com', email, now() from users where email = $1`,
      [email],
    );
});

describe('a second step by mail', () => {
  /** As the sign-in funnel issues one on demand of a rule, for an account without a second factor. */
  async function demanded(methods = 'PASSWORD'): Promise<{ email: string; ticket: string }> {
    const user = await enrol(gateway);
    const { ticket } = await challenge(gateway, user.email);
    await gateway.database.query(`update mfa_tickets set methods = $2 where token_hash = sha256($1::bytea)`, [
      Buffer.from(ticket),
      [methods],
    ]);
    await gateway.database.query('delete from totp_secrets where user_id = $1', [user.session.viewer.id]);
    await gateway.database.query('update users set mfa_enabled_at = null where id = $1', [user.session.viewer.id]);
    return { email: user.email, ticket };
  }

  const begin = (ticket: string) =>
    gateway.send(BeginMfaCodeDocument, { input: { ticket, method: 'EMAIL_CODE' } }).then((it) => it.beginMfaCode);
  const verify = (ticket: string, code: string) =>
    gateway
      .send(FullVerifyMfaDocument, { input: { ticket, method: 'EMAIL_CODE', code } })
      .then((answer) => answer.verifyMfa);

  test('completes the sign-in of an account without a factor, at AAL1', async () => {
    const { email, ticket } = await demanded();
    expect(await begin(ticket)).toMatchObject({ channel: 'EMAIL', maskedTarget: `${email[0]}•••@example.com` });
    const code = codeIn(await gateway.mail.take(email, confirmationSubject));
    expect(await codeOf(verify(ticket, otherCode(code)))).toBe('INVALID_MFA_CODE');
    expect(await verify(ticket, code)).toMatchObject({
      session: { methods: ['PASSWORD', 'EMAIL_CODE'], assurance: 'AAL1' },
    });
    expect(await codeOf(verify(ticket, code))).toBe('INVALID_MFA_TICKET');
  });

  test('takes the newest code only, and a code of a sign-in is none', async () => {
    const { email, ticket } = await demanded();
    await begin(ticket);
    const first = codeIn(await gateway.mail.take(email, confirmationSubject));
    await begin(ticket);
    const second = codeIn(await gateway.mail.take(email, confirmationSubject));
    const signIn = await mailedCode(gateway, email);
    expect(await codeOf(verify(ticket, first))).toBe('INVALID_MFA_CODE');
    expect(await codeOf(verify(ticket, signIn.code))).toBe('INVALID_MFA_CODE');
    await expect(verify(ticket, second)).resolves.toBeDefined();
  });

  test('keeps the earlier code when a mail is withheld, and says so', async () => {
    const { email, ticket } = await demanded();
    for (let mail = 0; mail < 3; mail += 1) await begin(ticket);
    expect(await refusal(begin(ticket))).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    const mails = await takeAll(gateway, email);
    const codes = mails.filter(({ subject }) => subject === confirmationSubject).map(codeIn);
    expect(codes).toHaveLength(3);
    await expect(verify(ticket, codes[0] ?? '')).resolves.toBeDefined();
  });

  test('is refused after a sign-in by mail, and once the account has a factor', async () => {
    const { ticket } = await demanded('EMAIL_CODE');
    expect(await codeOf(begin(ticket))).toBe('MFA_NOT_ENABLED');
    const later = await demanded();
    await begin(later.ticket);
    const code = codeIn(await gateway.mail.take(later.email, confirmationSubject));
    await gateway.database.query('update users set mfa_enabled_at = now() where email = $1', [later.email]);
    expect(await codeOf(verify(later.ticket, code))).toBe('INVALID_MFA_CODE');
  });

  test('sends nothing for an app, and nothing for an unknown ticket', async () => {
    const { ticket } = await demanded();
    expect(await codeOf(gateway.send(BeginMfaCodeDocument, { input: { ticket, method: 'TOTP' } }))).toBe(
      'BAD_USER_INPUT',
    );
    expect(await codeOf(begin(newVerifier().codeVerifier))).toBe('INVALID_MFA_TICKET');
  });
});

test('codes, tokens and addresses are in no log, no audit entry and no row', async () => {
  const email = await createUser(gateway);
  const { flow, code, token, codeVerifier } = await mailedCode(gateway, email);
  await refusal(completeCode(gateway, { flow, code: otherCode(code) }));
  await completeCode(gateway, { flow, code });
  await everythingIsSent(gateway.database);
  const stored = await gateway.database.query<{ text: string }>(
    `select row_to_json(t)::text as text from code_flows t union all select row_to_json(t)::text from audit_entries t
     union all select row_to_json(t)::text from outbox_mails t`,
  );
  const texts = [...stored.map(({ text }) => text), ...gateway.logs];
  for (const secret of [flow, code, otherCode(code), token, codeVerifier])
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  const flows = await gateway.database.query<{ text: string }>('select row_to_json(t)::text as text from code_flows t');
  expect(flows.filter(({ text }) => text.includes(Buffer.from(email).toString('hex')) || text.includes(email))).toEqual(
    [],
  );
});

test('the enabled methods are public', async () => {
  expect(await gateway.send(EnabledMethodsDocument, {})).toEqual({
    signInMethods: ['PASSWORD', 'PASSKEY', 'EMAIL_CODE'],
  });
});
