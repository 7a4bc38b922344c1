/**
 * Sign-in with a passkey, alone or as the second step: the session it gives, and each invalid response that is refused.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import { bearer, refusal, type SignedIn, signIn, startTestGateway } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginPasskeyLoginDocument,
  FullConfirmPasskeyRegistrationDocument,
  FullLoginWithPasskeyDocument,
  FullPasskeysDocument,
  FullRefreshDocument,
  FullSessionsDocument,
} from '../support/generated/graphql.ts';
import { auditOf, auditTrail } from '../support/people/audit.ts';
import { answer, challenge } from '../support/people/authenticator.ts';
import {
  askLogin,
  askRegistration,
  confirmRegistration,
  finishLogin,
  type PasskeyUser,
  passkeyUser,
  signInByPasskey,
} from '../support/people/passkeys.ts';
import { codesOfTries, createUser, mailsDecided, tryRight } from '../support/people/password-attempts.ts';
import { type Overrides, SoftwareAuthenticator } from '../support/people/software-authenticator.ts';

const challengeSeconds = 5 * 60;
const quarterHour = 15 * 60;
const metricsToken = 'a-token-for-prometheus';

/** The owner of the passkeys that the tests leave unchanged. */
let ada: PasskeyUser;
const gateway = useGateway({ METRICS_TOKEN: metricsToken });
beforeAll(async () => {
  ada = await passkeyUser(gateway);
});

const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const ticketOf = async ({ email }: PasskeyUser) => (await challenge(gateway, email)).ticket;
const post = (response: unknown, more: object = {}) =>
  answerOf(
    gateway.post({
      ...bodyOf(FullLoginWithPasskeyDocument, { input: { response: {} } }),
      variables: { input: { response, ...more } },
    }),
  );

async function passkeyOf({ passkeyId }: PasskeyUser) {
  const text = 'select counter, last_used_at as "lastUsedAt" from passkeys where id = $1';
  return (await gateway.database.query<{ counter: string; lastUsedAt: Date | null }>(text, [passkeyId]))[0];
}

/** The reason of a refusal in the audit trail. */
async function reasonOf(call: Promise<unknown>): Promise<unknown> {
  const { extensions } = await refusal(call);
  const [entry] = await auditOf(gateway.database, String(extensions.requestId));
  return entry?.details.reason;
}

async function auditedFor({ session }: PasskeyUser, action: string) {
  return (await auditTrail(gateway.database, action)).filter(({ targetId }) => targetId === session.viewer.id);
}

async function setStatus({ session }: PasskeyUser, status: string): Promise<void> {
  await gateway.database.query('update users set status = $1 where id = $2', [status, session.viewer.id]);
}

describe('without a password', () => {
  test('requests any passkey of the site with user verification, and reveals no account', async () => {
    const { beginPasskeyLogin } = await gateway.send(BeginPasskeyLoginDocument, { input: {} });
    expect(beginPasskeyLogin.options).toEqual({
      rpId: 'app.example.com',
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: challengeSeconds * 1000,
      userVerification: 'required',
    });
    const lifeMs = new Date(beginPasskeyLogin.expiresAt).getTime() - gateway.clock.now().getTime();
    expect(lifeMs).toBe(challengeSeconds * 1000);
  });

  test('gives a session of AAL2, and tokens with its method', async () => {
    gateway.clock.travel(60);
    const { session, viewer, accessToken } = await signInByPasskey(gateway, ada.key);
    expect(viewer.id).toBe(ada.session.viewer.id);
    expect(session).toMatchObject({ current: true, assurance: 'AAL2', methods: ['PASSKEY'] });
    expect(decodeJwt(accessToken)).toMatchObject({
      sub: viewer.id,
      amr: ['pop', 'mfa'],
      acr: 'AAL2',
      auth_time: Math.floor(gateway.clock.now().getTime() / 1000),
    });
    expect((await passkeyOf(ada))?.lastUsedAt).toEqual(gateway.clock.now());
    const started = (await auditTrail(gateway.database, 'session.started')).find(
      ({ targetId }) => targetId === session.id,
    );
    expect(started).toMatchObject({ actorId: viewer.id, details: { methods: ['PASSKEY'] } });
  });

  test('continues like any session: it is refreshed, listed, and has the requested lifetime', async () => {
    const response = ada.key.sign(await askLogin(gateway));
    const sessionOptions = { rememberMe: true, deviceName: 'MacBook' };
    const signedIn = await finishLogin(gateway, response, sessionOptions);
    const lifeMs = new Date(signedIn.refreshTokenExpiresAt).getTime() - gateway.clock.now().getTime();
    expect(lifeMs).toBe(30 * 24 * 60 * 60 * 1000);
    const input = { refreshToken: signedIn.refreshToken };
    const { refresh } = await gateway.send(FullRefreshDocument, { input });
    expect(refresh.session).toMatchObject({ assurance: 'AAL2', methods: ['PASSKEY'] });
    const { viewer } = await gateway.send(FullSessionsDocument, { first: 1 }, signedIn.accessToken);
    expect(viewer?.sessions.nodes[0]).toMatchObject({ id: signedIn.session.id, deviceName: 'MacBook' });
  });

  test('sets the refresh token as a cookie on request', async () => {
    const response = ada.key.sign(await askLogin(gateway));
    const input = { response, delivery: 'COOKIE' } as const;
    const origin = { origin: 'https://auth.example.com' };
    const { headers, errors, data } = await answerOf(
      gateway.post(bodyOf(FullLoginWithPasskeyDocument, { input }), origin),
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ loginWithPasskey: { refreshToken: null, csrfToken: expect.any(String) } });
    expect(headers.getSetCookie().join('\n')).toMatch(/^__Host-postern_refresh=.*HttpOnly/m);
  });

  test('refuses a device name with hidden characters, and accepts the same response with another name', async () => {
    const response = ada.key.sign(await askLogin(gateway));
    expect(await refusal(finishLogin(gateway, response, { deviceName: 'a\u202eb' }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: 'input.deviceName', code: 'INVALID_CHARACTERS' }] },
    });
    await finishLogin(gateway, response);
  });

  test('works for the owner while the password is locked', async () => {
    const user = await passkeyUser(gateway);
    await codesOfTries(gateway, user.email, 5);
    expect((await tryRight(gateway, user.email)).code).toBe('TOO_MANY_ATTEMPTS');
    const { deviceToken } = await signInByPasskey(gateway, user.key);
    // The device is known from now on, and a lockout does not apply to known devices.
    const known = await tryRight(gateway, user.email, { 'x-device-token': deviceToken ?? '' });
    expect(known.code).toBe('signed in');
  });

  test('accepts a passkey registered without user verification, once it verifies the user', async () => {
    const session = await signIn(gateway, await createUser(gateway));
    const key = new SoftwareAuthenticator();
    const response = key.register(await askRegistration(gateway, session), { userVerified: false });
    await confirmRegistration(gateway, session, response);
    expect(await codeOf(signInByPasskey(gateway, key, { userVerified: false }))).toBe('INVALID_CREDENTIALS');
    expect((await signInByPasskey(gateway, key)).session.assurance).toBe('AAL2');
  });
});

describe('after the password', () => {
  test('requests the passkeys of the account, with or without user verification', async () => {
    const id = ada.key.credentialId.toString('base64url');
    expect(await askLogin(gateway, await ticketOf(ada))).toMatchObject({
      rpId: 'app.example.com',
      userVerification: 'discouraged',
      allowCredentials: [{ id, type: 'public-key', transports: ['hybrid', 'internal'] }],
    });
  });

  test('gives the session that the password step requested', async () => {
    const { ticket } = await challenge(gateway, ada.email, { rememberMe: true, deviceName: 'MacBook' });
    const response = ada.key.sign(await askLogin(gateway, ticket));
    const signedIn = await finishLogin(gateway, response, { ticket, deviceName: 'something else' });
    expect(signedIn.session).toMatchObject({
      assurance: 'AAL2',
      methods: ['PASSWORD', 'PASSKEY'],
      deviceName: 'MacBook',
    });
    expect(decodeJwt(signedIn.accessToken)).toMatchObject({ amr: ['pwd', 'pop', 'mfa'], acr: 'AAL2' });
    const lifeMs = new Date(signedIn.refreshTokenExpiresAt).getTime() - gateway.clock.now().getTime();
    expect(lifeMs).toBe(30 * 24 * 60 * 60 * 1000);
  });

  test.each<[string, Overrides]>([
    ['without user verification', { userVerified: false }],
    ['without stored accounts', { userHandle: null }],
  ])('accepts a security key %s', async (_what, how) => {
    await signInByPasskey(gateway, ada.key, { ticket: await ticketOf(ada), ...how });
  });

  test('treats an empty user handle as absent, as some browsers send it', async () => {
    const ticket = await ticketOf(ada);
    const signed = ada.key.sign(await askLogin(gateway, ticket));
    await finishLogin(gateway, { ...signed, response: { ...signed.response, userHandle: '' } }, { ticket });
  });

  test('accepts a ticket for one session', async () => {
    const ticket = await ticketOf(ada);
    await signInByPasskey(gateway, ada.key, { ticket });
    expect(await codeOf(signInByPasskey(gateway, ada.key, { ticket }))).toBe('INVALID_MFA_TICKET');
  });

  test.each(['', 'x', 'A'.repeat(43)])('refuses options for an invalid ticket: %j', async (ticket) => {
    expect(await codeOf(askLogin(gateway, ticket))).toBe('INVALID_MFA_TICKET');
    expect(await codeOf(finishLogin(gateway, {}, { ticket }))).toBe('INVALID_MFA_TICKET');
  });

  test('ends the ticket after five wrong responses, and the second step of the account after ten, counted with codes', async () => {
    const user = await passkeyUser(gateway);
    const override = { tamper: true };
    const [first, second] = [await ticketOf(user), await ticketOf(user)];
    for (const ticket of [first, second]) {
      for (let tries = 0; tries < 4; tries += 1) {
        expect(await codeOf(signInByPasskey(gateway, user.key, { ticket, ...override }))).toBe('INVALID_MFA_CODE');
      }
      expect(await codeOf(answer(gateway, ticket, 'wrong', 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
      expect(await codeOf(askLogin(gateway, ticket))).toBe('INVALID_MFA_TICKET');
    }
    const third = await ticketOf(user);
    expect(await codeOf(signInByPasskey(gateway, user.key, { ticket: third }))).toBe('TOO_MANY_ATTEMPTS');
    expect(await auditedFor(user, 'guesses.stopped')).toHaveLength(1);
    // A passkey alone cannot be guessed, so the owner can still sign in with it.
    await signInByPasskey(gateway, user.key);
    gateway.clock.travel(quarterHour);
    await signInByPasskey(gateway, user.key, { ticket: await ticketOf(user) });
  });
});

const overrides: [string, Overrides, string][] = [
  ['was signed with another key', { privateKey: new SoftwareAuthenticator().privateKey }, 'not_verified'],
  ['was changed after it was signed', { tamper: true }, 'not_verified'],
  ['comes from another site', { origin: 'https://app.example.com.evil.example' }, 'not_verified'],
  ['comes from a page without TLS', { origin: 'http://app.example.com' }, 'not_verified'],
  ['comes from another port', { origin: 'https://app.example.com:444' }, 'not_verified'],
  ['comes from a host of the same domain', { origin: 'https://evil.example.com' }, 'not_verified'],
  ['comes from no page', { origin: 'null' }, 'not_verified'],
  ['is for another site', { rpId: 'evil.example' }, 'not_verified'],
  ['is for the domain above', { rpId: 'example.com' }, 'not_verified'],
  ['comes from a page in a foreign frame', { crossOrigin: true }, 'malformed'],
  ['was made for a registration', { type: 'webauthn.create' }, 'not_verified'],
  ['no user touched the authenticator for', { userPresent: false }, 'not_verified'],
  [
    'is to a challenge that was never issued',
    { challenge: randomBytes(32).toString('base64url') },
    'unknown_challenge',
  ],
  ['is to no challenge', { challenge: '' }, 'unknown_challenge'],
  ['is of an unknown passkey', { credentialId: randomBytes(32) }, 'unknown_passkey'],
  ['is for another account', { userHandle: Buffer.from('somebody').toString('base64url') }, 'unknown_passkey'],
];

describe('a response is refused', () => {
  test.each<[string, Overrides, string]>([
    ...overrides,
    ['without user verification', { userVerified: false }, 'not_verified'],
    ['without a user handle', { userHandle: null }, 'unknown_passkey'],
  ])('%s', async (_what, override, reason) => {
    const before = await passkeyOf(ada);
    gateway.clock.travel(1);
    const attempt = signInByPasskey(gateway, ada.key, override);
    expect(await codeOf(attempt)).toBe('INVALID_CREDENTIALS');
    expect(await reasonOf(attempt)).toBe(reason);
    expect(await passkeyOf(ada)).toEqual(before);
  });

  test.each(overrides)('as the second step, %s', async (_what, override) => {
    const user = await passkeyUser(gateway);
    const ticket = await ticketOf(user);
    expect(await codeOf(signInByPasskey(gateway, user.key, { ticket, ...override }))).toBe('INVALID_MFA_CODE');
    const [entry] = await auditedFor(user, 'mfa.code_refused');
    expect(entry?.details).toEqual({ method: 'PASSKEY', during: 'sign_in', reason: 'wrong_code' });
    // A ticket permits several attempts.
    await signInByPasskey(gateway, user.key, { ticket });
  });

  test('that is sent twice', async () => {
    const response = ada.key.sign(await askLogin(gateway));
    await finishLogin(gateway, response);
    const again = finishLogin(gateway, response);
    expect(await codeOf(again)).toBe('INVALID_CREDENTIALS');
    expect(await reasonOf(again)).toBe('unknown_challenge');
  });

  test('that arrives after five minutes', async () => {
    const response = ada.key.sign(await askLogin(gateway));
    gateway.clock.travel(challengeSeconds);
    expect(await reasonOf(finishLogin(gateway, response))).toBe('unknown_challenge');
  });

  test('that signs the same challenge again', async () => {
    const options = await askLogin(gateway);
    await finishLogin(gateway, ada.key.sign(options));
    expect(await codeOf(finishLogin(gateway, ada.key.sign(options)))).toBe('INVALID_CREDENTIALS');
  });

  test('for the second step, sent alone', async () => {
    const ticket = await ticketOf(ada);
    const response = ada.key.sign(await askLogin(gateway, ticket));
    expect(await reasonOf(finishLogin(gateway, response))).toBe('unknown_challenge');
    await finishLogin(gateway, response, { ticket });
  });

  test('for a sign-in alone, sent as the second step', async () => {
    const response = ada.key.sign(await askLogin(gateway));
    expect(await codeOf(finishLogin(gateway, response, { ticket: await ticketOf(ada) }))).toBe('INVALID_MFA_CODE');
  });

  test('for another ticket of the same account', async () => {
    const user = await passkeyUser(gateway);
    const [one, other] = [await ticketOf(user), await ticketOf(user)];
    const response = user.key.sign(await askLogin(gateway, one));
    expect(await codeOf(finishLogin(gateway, response, { ticket: other }))).toBe('INVALID_MFA_CODE');
    await finishLogin(gateway, response, { ticket: one });
  });

  test('for a registration', async () => {
    const { session, key } = await passkeyUser(gateway);
    const options = await askRegistration(gateway, session);
    const challengeOnly = { challenge: String(options.challenge) };
    expect(await codeOf(finishLogin(gateway, key.sign(challengeOnly)))).toBe('INVALID_CREDENTIALS');
  });

  test('of another user’s passkey, with the ticket of this one', async () => {
    const [one, other] = [await passkeyUser(gateway), await passkeyUser(gateway)];
    const ticket = await ticketOf(one);
    expect(await codeOf(signInByPasskey(gateway, other.key, { ticket }))).toBe('INVALID_MFA_CODE');
    expect(await codeOf(signInByPasskey(gateway, other.key, { ticket, userHandle: null }))).toBe('INVALID_MFA_CODE');
  });

  test('with the same status and text for every reason', async () => {
    const texts = new Set<string>();
    for (const [, override] of overrides) {
      const refused = await post(ada.key.sign(await askLogin(gateway), override));
      texts.add(`${refused.status} ${comparable(refused)}`);
    }
    texts.add(`200 ${comparable(await post({}))}`);
    const deleted = await passkeyUser(gateway);
    await setStatus(deleted, 'DELETED');
    texts.add(`200 ${comparable(await post(deleted.key.sign(await askLogin(gateway))))}`);
    expect([...texts]).toHaveLength(1);
  });
});

describe('a decreasing counter', () => {
  const copied = async (): Promise<PasskeyUser> => {
    const user = await passkeyUser(gateway, 5);
    await signInByPasskey(gateway, user.key);
    await signInByPasskey(gateway, user.key);
    return user;
  };

  test.each([
    ['an older one', 6],
    ['the same one again', 7],
    ['none at all', 0],
  ])('is refused, audited and mailed: %s', async (_what, counter) => {
    const user = await copied();
    const attempt = signInByPasskey(gateway, user.key, { counter });
    expect(await codeOf(attempt)).toBe('INVALID_CREDENTIALS');
    const [entry, ...others] = await auditedFor(user, 'passkey.clone_suspected');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      outcome: 'DENIED',
      details: { passkeyId: user.passkeyId, counter: 7, presentedCounter: counter },
    });
    const [refused] = await auditedFor(user, 'passkey.refused');
    expect(refused?.details).toEqual({ during: 'sign_in', reason: 'clone_suspected' });
    const mail = await gateway.mail.take(user.email, 'One of your passkeys may have been copied');
    expect(mail.text).toContain('Key ring');
  });

  test('is refused as the second step as well', async () => {
    const user = await copied();
    const ticket = await ticketOf(user);
    expect(await codeOf(signInByPasskey(gateway, user.key, { ticket, counter: 3 }))).toBe('INVALID_MFA_CODE');
    expect(await auditedFor(user, 'passkey.clone_suspected')).toHaveLength(1);
    expect(await mailsDecided(gateway.database, 'passkey_clone_suspected', user.email)).toBe(1);
  });

  test('cannot be claimed by an attacker without the key', async () => {
    const user = await copied();
    const { privateKey } = new SoftwareAuthenticator();
    expect(await codeOf(signInByPasskey(gateway, user.key, { counter: 1, privateKey }))).toBe('INVALID_CREDENTIALS');
    expect(await auditedFor(user, 'passkey.clone_suspected')).toEqual([]);
    const mails = await mailsDecided(gateway.database, 'passkey_clone_suspected', user.email);
    expect(mails).toBe(0);
  });

  test('uses up the challenge, and keeps the counter and the owner’s own key', async () => {
    const user = await copied();
    const options = await askLogin(gateway);
    const response = user.key.sign(options, { counter: 2 });
    expect(await codeOf(finishLogin(gateway, response))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(finishLogin(gateway, user.key.sign(options)))).toBe('INVALID_CREDENTIALS');
    await signInByPasskey(gateway, user.key);
    expect(await auditedFor(user, 'passkey.clone_suspected')).toHaveLength(1);
  });

  test('is no jump up to 32 bits', async () => {
    const user = await copied();
    await signInByPasskey(gateway, user.key, { counter: 1_000_000 });
    await signInByPasskey(gateway, user.key, { counter: 0xffff_ffff });
    expect(await codeOf(signInByPasskey(gateway, user.key, { counter: 0xffff_ffff }))).toBe('INVALID_CREDENTIALS');
  });

  test('is ignored when it is always zero, as with synchronised passkeys', async () => {
    const user = await passkeyUser(gateway);
    for (let times = 0; times < 3; times += 1) await signInByPasskey(gateway, user.key);
    await signInByPasskey(gateway, user.key, { ticket: await ticketOf(user) });
  });

  test('has its own number in the metrics', async () => {
    const user = await copied();
    const read = async () => {
      const text = await (await fetch(`${gateway.url}/metrics`, { headers: bearer(metricsToken) })).text();
      return Number(/^postern_sign_ins_total\{outcome="clone_suspected"\} (\d+)$/m.exec(text)?.[1] ?? 0);
    };
    const before = await read();
    await codeOf(signInByPasskey(gateway, user.key, { counter: 1 }));
    expect(await read()).toBe(before + 1);
  });
});

describe('the owner', () => {
  test('of a suspended account is notified with the right key only', async () => {
    const user = await passkeyUser(gateway);
    const ticket = await ticketOf(user);
    const asked = await askLogin(gateway, ticket);
    await setStatus(user, 'SUSPENDED');
    expect(await codeOf(signInByPasskey(gateway, user.key, { tamper: true }))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(signInByPasskey(gateway, user.key, { userVerified: false }))).toBe('INVALID_CREDENTIALS');
    const options = await askLogin(gateway);
    const response = user.key.sign(options);
    expect(await codeOf(finishLogin(gateway, response))).toBe('ACCOUNT_SUSPENDED');
    // The response is used up.
    expect(await codeOf(finishLogin(gateway, response))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(finishLogin(gateway, user.key.sign(asked), { ticket }))).toBe('INVALID_MFA_TICKET');
    await setStatus(user, 'ACTIVE');
    await signInByPasskey(gateway, user.key);
  });

  test.each(['DELETED', 'INVITED'])('of an account that is %s gets the response of an unknown one', async (status) => {
    const user = await passkeyUser(gateway);
    await setStatus(user, status);
    const attempt = signInByPasskey(gateway, user.key);
    expect(await codeOf(attempt)).toBe('INVALID_CREDENTIALS');
    expect(await reasonOf(attempt)).toBe('inactive');
  });

  test('is notified of a new device, as with a password', async () => {
    const user = await passkeyUser(gateway);
    const input = { response: user.key.sign(await askLogin(gateway)) };
    await answerOf(gateway.post(bodyOf(FullLoginWithPasskeyDocument, { input }), { 'user-agent': 'Lynx/2.9' }));
    expect(await mailsDecided(gateway.database, 'new_sign_in', user.email)).toBe(1);
  });
});

describe('a malformed authenticator response', () => {
  const planted = 'zebra-7-correct-horse';

  test.each<[string, unknown]>([
    ['is empty', {}],
    ['has the parts of one, all empty', { id: '', rawId: '', type: 'public-key', response: {} }],
    ['has null for a response', { id: 'a', rawId: 'a', type: 'public-key', response: null }],
    ['has a list for a response', { id: 'a', rawId: 'a', type: 'public-key', response: [] }],
    [
      'has an object for a text',
      { id: { toString: planted }, rawId: { toString: planted }, type: 'public-key', response: {} },
    ],
  ])('is refused like any other: it %s', async (_what, response) => {
    const { text, errors, status } = await post(response);
    expect([status, errors[0]?.extensions.code]).toEqual([200, 'INVALID_CREDENTIALS']);
    expect(text).not.toContain(planted);
  });

  test.each<[string, unknown]>([
    ['a text', planted],
    ['a number', 4_242_424_242],
    ['a list', [planted]],
    ['null', null],
  ])('is refused as a field that is not an object, and not echoed: %s', async (_what, response) => {
    const { text, errors } = await post(response);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.response' }] });
    expect(text).not.toMatch(/zebra|4242424242/);
  });

  /** A valid response with an arbitrary value in one place. */
  const broken = fc.record({
    path: fc.constantFrom(
      ['id'],
      ['rawId'],
      ['id', 'rawId'],
      ['type'],
      ['response'],
      ['clientDataJSON'],
      ['authenticatorData'],
      ['attestationObject'],
      ['signature'],
      ['userHandle'],
      ['transports'],
    ),
    value: fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(planted, `\u0000${planted}`, '', '=', 'a'.repeat(40_000), '__proto__', { $ne: planted }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      // CBOR that declares more bytes than it has, or has deep nesting.
      fc
        .constantFrom('9b7fffffffffffffff', 'bf', '5bffffffffffffffff', `${'81'.repeat(5000)}00`, 'c1'.repeat(3000))
        .map((hex) => Buffer.from(hex, 'hex').toString('base64url')),
      fc.jsonValue().map((data) => Buffer.from(JSON.stringify(data)).toString('base64url')),
    ),
  });

  function withBroken(
    answered: { response: object },
    { path, value }: { path: readonly string[]; value: unknown },
  ): object {
    const changes = Object.fromEntries(path.map((name) => [name, value]));
    const isTop = path.every((name) => ['id', 'rawId', 'type', 'response'].includes(name));
    return isTop ? { ...answered, ...changes } : { ...answered, response: { ...answered.response, ...changes } };
  }

  /** Flips bytes of the authenticator data. */
  const turned = fc.record({ at: fc.nat(500), to: fc.nat(255) });

  function withTurned(text: string, { at, to }: { at: number; to: number }): string {
    const bytes = Buffer.from(text, 'base64url');
    bytes[at % bytes.length] = to;
    return bytes.toString('base64url');
  }

  /** @returns whether the gateway accepted it */
  async function inOrder(request: Promise<Response>): Promise<boolean> {
    const { status, text, errors } = await answerOf(request);
    expect(text).not.toContain(planted);
    expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE/);
    expect(status).toBeLessThan(500);
    return errors.length === 0;
  }

  test('signs in no caller, with any value in any place', { timeout: 120_000 }, async () => {
    const user = await passkeyUser(gateway);
    const options = await askLogin(gateway);
    const property = fc.asyncProperty(fc.oneof(broken, turned), async (change) => {
      const signed = user.key.sign(options);
      const response =
        'path' in change
          ? withBroken(signed, change)
          : {
              ...signed,
              response: {
                ...signed.response,
                authenticatorData: withTurned(signed.response.authenticatorData, change),
              },
            };
      // The change can be the original value.
      fc.pre(JSON.stringify(response) !== JSON.stringify(signed));
      const through = await inOrder(
        gateway.post(bodyOf(FullLoginWithPasskeyDocument, { input: { response: { ...response } } })),
      );
      // The signed bytes are unchanged, so the response can be valid.
      const isUnsigned = 'path' in change && ['attestationObject', 'transports'].includes(change.path[0] ?? '');
      if (!isUnsigned) expect(through).toBe(false);
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test('registers nothing, or else an ordinary passkey', {
    timeout: 120_000,
  }, async () => {
    const session: SignedIn = await signIn(gateway, await createUser(gateway));
    const property = fc.asyncProperty(fc.oneof(broken, turned), async (change) => {
      await gateway.database.query('delete from passkeys where user_id = $1', [session.viewer.id]);
      await gateway.database.query('update users set mfa_enabled_at = null where id = $1', [session.viewer.id]);
      const made = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
      const response =
        'path' in change
          ? withBroken(made, change)
          : {
              ...made,
              response: { ...made.response, attestationObject: withTurned(made.response.attestationObject, change) },
            };
      const input = { response: { ...response }, name: 'Key ring' };
      const through = await inOrder(
        gateway.post(bodyOf(FullConfirmPasskeyRegistrationDocument, { input }), bearer(session.accessToken)),
      );
      const listed = (await gateway.send(FullPasskeysDocument, {}, session.accessToken)).viewer?.passkeys ?? [];
      expect(listed).toHaveLength(through ? 1 : 0);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test('leaves nothing in the log or in the audit trail', async () => {
    expect(gateway.logs.join('\n')).not.toContain(planted);
    const entries = await gateway.database.query('select * from audit_entries');
    expect(JSON.stringify(entries)).not.toContain(planted);
  });
});

test('counts in the limits of its source', async () => {
  const limited = await startTestGateway({ RATE_LIMITS: 'beginPasskeyLogin=3/15m,loginWithPasskey=2/15m' }, gateway);
  try {
    const begun = [1, 2, 3, 4].map(() => askLogin(limited).then(() => 'asked', codeOfReason));
    expect((await Promise.all(begun)).toSorted()).toEqual(['RATE_LIMITED', 'asked', 'asked', 'asked']);
    const tried: string[] = [];
    while (tried.length < 3) tried.push(await codeOf(finishLogin(limited, {})));
    expect(tried).toEqual(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'RATE_LIMITED']);
  } finally {
    await limited.stop();
  }
});

async function codeOfReason(reason: unknown): Promise<string> {
  return codeOf(Promise.reject(reason));
}
