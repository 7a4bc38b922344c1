/** Second factors: enrolment, the second step of sign-in, backup codes, and attacks on them. */
import { randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createSealer } from '../../src/security/keys/sealing.ts';
import { type Answer, answerOf, comparable } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  refusal,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { operationFields, operationOf } from '../support/gateway/sample-operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginLoginDocument,
  BeginTotpEnrollmentDocument,
  ChangePasswordDocument,
  ConfirmTotpEnrollmentDocument,
  DisableTotpDocument,
  DisownSessionDocument,
  FullReauthenticateDocument,
  FullRefreshDocument,
  FullRemovePasskeyDocument,
  FullSessionsDocument,
  FullVerifyMfaDocument,
  FullViewerDocument,
  LogoutDocument,
  MfaDocument,
  RegenerateBackupCodesDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { auditTrail } from '../support/people/audit.ts';
import {
  answer,
  challenge,
  codeAt,
  type Enrolled,
  enrol,
  periodSeconds,
  signInTwice,
  wrongCode,
} from '../support/people/authenticator.ts';
import { oathCode } from '../support/people/oathtool.ts';
import { addPasskey, signInByPasskey } from '../support/people/passkeys.ts';
import { createUser, mailsDecided, tryPassword, tryRight } from '../support/people/password-attempts.ts';

const minute = 60;
const quarterHour = 15 * minute;
const malformed = [
  '',
  ' ',
  'abcdef',
  '1234567',
  '12345',
  '１２３４５６',
  '12345６',
  '-12345',
  '\u0000'.repeat(6),
  '9'.repeat(100),
];

const gateway = useGateway();

const begin = async ({ accessToken }: { accessToken: string }) =>
  (await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken)).beginTotpEnrollment;
const confirm = async ({ accessToken }: { accessToken: string }, code: string) =>
  (await gateway.send(ConfirmTotpEnrollmentDocument, { input: { code } }, accessToken)).confirmTotpEnrollment;
const disable = async ({ accessToken }: { accessToken: string }, code: string) =>
  (await gateway.send(DisableTotpDocument, { input: { code } }, accessToken)).disableTotp;
const regenerate = async ({ accessToken }: { accessToken: string }, code: string) =>
  (await gateway.send(RegenerateBackupCodesDocument, { input: { code } }, accessToken)).regenerateBackupCodes;
const prove = async ({ accessToken }: { accessToken: string }, input: { password?: string; code?: string }) =>
  withRefreshToken((await gateway.send(FullReauthenticateDocument, { input }, accessToken)).reauthenticate);
const statusOf = async ({ accessToken }: { accessToken: string }) =>
  (await gateway.send(MfaDocument, {}, accessToken)).viewer?.mfa;
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const codeNow = ({ secret }: { secret: string }) => codeAt(secret, gateway.clock.now());

async function setUser(email: string, column: 'role_name' | 'status', value: string): Promise<void> {
  await gateway.database.query(`update users set ${column} = $1 where email = $2`, [value, email]);
}

async function newAdministrator(): Promise<SignedIn> {
  const email = await createUser(gateway);
  await setUser(email, 'role_name', 'SUPER_ADMIN');
  return signIn(gateway, email);
}

/** Operations of an administrator on a user. */
async function administer(by: SignedIn, operation: string, { session }: Enrolled): Promise<void> {
  const query = `mutation { ${operation}(input: { userId: "${session.viewer.id}" }) { user { id } } }`;
  expect((await answerOf(gateway.post({ query }, bearer(by.accessToken)))).errors).toEqual([]);
}

async function auditedFor(userId: string, action: string) {
  return (await auditTrail(gateway.database, action)).filter(({ targetId }) => targetId === userId);
}

/** Reads a QR code as the camera of a phone does. */
function readQrCode(dataUri: string): string | undefined {
  const image = PNG.sync.read(Buffer.from(dataUri.replace('data:image/png;base64,', ''), 'base64'));
  return jsqr.default(new Uint8ClampedArray(image.data), image.width, image.height)?.data;
}

describe('TOTP enrolment', () => {
  test('returns one secret in three forms, and a QR decoder reads the link', async () => {
    const session = await signIn(gateway, await createUser(gateway));
    const offer = await begin(session);
    expect(offer.secret).toMatch(/^[A-Z2-7]{32}$/);
    const label = `Postern:${session.viewer.email}`;
    const uri = new URL(offer.otpauthUri);
    expect(decodeURIComponent(uri.pathname)).toBe(`/${label}`);
    expect([uri.searchParams.get('secret'), uri.searchParams.get('issuer')]).toEqual([offer.secret, 'Postern']);
    expect(readQrCode(offer.qrCode)).toBe(offer.otpauthUri);
    expect(new Date(offer.expiresAt).getTime() - gateway.clock.now().getTime()).toBe(10 * minute * 1000);
  });

  test('works with other tools: oathtool takes the secret from the QR code, confirms it and signs in', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    const uri = new URL(readQrCode((await begin(session)).qrCode) ?? '');
    const codeOfOthers = () => oathCode(uri.searchParams.get('secret') ?? '', gateway.clock.now());
    await confirm(session, await codeOfOthers());
    for (let times = 0; times < 5; times += 1) {
      gateway.clock.travel(periodSeconds);
      await answer(gateway, (await challenge(gateway, email)).ticket, await codeOfOthers());
    }
  });

  test('changes nothing until a code proves the secret', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    await begin(session);
    expect(await codeOf(confirm(session, '000000'))).toBe('INVALID_MFA_CODE');
    expect(await statusOf(session)).toEqual({ enabled: false, methods: [], backupCodesRemaining: 0, required: false });
    await signIn(gateway, email);
  });

  test('ends with ten backup codes, a session of AAL2 and a mail; the current access token stays valid', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    const { backupCodes } = await confirm(session, codeNow(await begin(session)));
    expect(new Set(backupCodes).size).toBe(10);
    expect(await statusOf(session)).toEqual({
      enabled: true,
      methods: ['TOTP', 'BACKUP_CODE'],
      backupCodesRemaining: 10,
      required: false,
    });
    const { viewer } = await gateway.send(FullSessionsDocument, {}, session.accessToken);
    expect(viewer?.sessions.nodes[0]).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'TOTP'] });
    const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
    expect(decodeJwt(refresh.accessToken)).toMatchObject({ acr: 'AAL2', amr: ['pwd', 'otp', 'mfa'] });
    expect((await gateway.mail.take(email, 'A second factor was added')).text).toContain('authenticator app');
    expect(await auditedFor(session.viewer.id, 'mfa.enabled')).toMatchObject([
      { outcome: 'SUCCESS', sessionId: session.session.id, details: { method: 'TOTP' } },
    ]);
  });

  test('uses up its code: it does not sign in', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    const offer = await begin(session);
    const code = codeNow(offer);
    await confirm(session, code);
    const { ticket } = await challenge(gateway, email);
    expect(await codeOf(answer(gateway, ticket, code))).toBe('INVALID_MFA_CODE');
    gateway.clock.travel(periodSeconds);
    await answer(gateway, ticket, codeNow(offer));
  });

  test('accepts the newest offer only, for ten minutes, once', async () => {
    const session = await signIn(gateway, await createUser(gateway));
    expect(await codeOf(confirm(session, '123456'))).toBe('MFA_NOT_ENABLED');
    const [older, newer] = [await begin(session), await begin(session)];
    expect(await codeOf(confirm(session, codeNow(older)))).toBe('INVALID_MFA_CODE');
    gateway.clock.travel(10 * minute);
    const fresh = await prove(session, { password: goodPassword });
    expect(await codeOf(confirm(fresh, codeNow(newer)))).toBe('MFA_NOT_ENABLED');
    const newest = await begin(fresh);
    await confirm(fresh, codeNow(newest));
    gateway.clock.travel(periodSeconds);
    expect(await codeOf(confirm(fresh, codeNow(newest)))).toBe('MFA_ALREADY_ENABLED');
    expect(await codeOf(begin(fresh))).toBe('MFA_ALREADY_ENABLED');
  });

  test('shows the account under its name in the app', async () => {
    const { accessToken } = await signIn(gateway, await createUser(gateway));
    const send = (accountName: string) =>
      gateway.send(BeginTotpEnrollmentDocument, { input: { accountName } }, accessToken);
    const { beginTotpEnrollment } = await send(' Ada: work ');
    expect(decodeURIComponent(new URL(beginTotpEnrollment.otpauthUri).pathname)).toMatch(/^\/Postern:Ada +work$/);
    expect(await refusal(send('x'.repeat(101)))).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: 'input.accountName' }] },
    });
  });

  test('needs recent authentication and the permission', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    gateway.clock.travel(10 * minute);
    expect(await codeOf(begin(session))).toBe('REAUTHENTICATION_REQUIRED');
    await begin(await prove(session, { password: goodPassword }));
    await setUser(email, 'role_name', 'GUEST');
    expect(await refusal(begin(session))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'mfa:own' },
    });
    expect(await codeOf(confirm(session, '123456'))).toBe('FORBIDDEN');
    expect(await codeOf(gateway.send(BeginTotpEnrollmentDocument, { input: {} }))).toBe('UNAUTHENTICATED');
  });

  test('stops after ten wrong codes for an open offer', async () => {
    const session = await signIn(gateway, await createUser(gateway));
    const offer = await begin(session);
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await codeOf(confirm(session, malformed[tries] ?? ''))).toBe('INVALID_MFA_CODE');
    }
    expect(await codeOf(confirm(session, codeNow(offer)))).toBe('TOO_MANY_ATTEMPTS');
  });
});

describe('signing in', () => {
  test('requires the second factor, and gives a session of AAL2', async () => {
    const user = await enrol(gateway);
    const { ticket, methods, expiresAt } = await challenge(gateway, user.email);
    expect(methods).toEqual(['TOTP', 'BACKUP_CODE']);
    expect(new Date(expiresAt).getTime() - gateway.clock.now().getTime()).toBe(5 * minute * 1000);
    const session = await answer(gateway, ticket, user.code());
    expect(session.session).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'TOTP'], current: true });
    expect(session.deviceToken).toEqual(expect.any(String));
    expect(decodeJwt(session.accessToken)).toMatchObject({
      acr: 'AAL2',
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: Math.floor(gateway.clock.now().getTime() / 1000),
    });
    expect((await statusOf(session))?.enabled).toBe(true);
  });

  test('reports the second factor after the right password only', async () => {
    const user = await enrol(gateway);
    const wrong = await tryPassword(gateway, user.email);
    expect(wrong.code).toBe('INVALID_CREDENTIALS');
    expect(wrong.text).toBe((await tryPassword(gateway, 'unknown@example.com')).text);
  });

  test('accepts a code of the previous and the next period, and with blanks', async () => {
    const user = await enrol(gateway);
    gateway.clock.travel(5 * periodSeconds);
    for (const code of [user.code(-1), user.code().replace(/^.../, '$& '), user.code(1)]) {
      await answer(gateway, (await challenge(gateway, user.email)).ticket, code);
    }
    const arabic = (code: string) => code.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x0660 + Number(digit)));
    for (const typed of [(code: string) => code.replace(/^.../, '$&-'), (code: string) => `\u200e${code}`, arabic]) {
      gateway.clock.travel(periodSeconds * 2);
      await answer(gateway, (await challenge(gateway, user.email)).ticket, typed(user.code()));
    }
    gateway.clock.travel(5 * periodSeconds);
    const { ticket } = await challenge(gateway, user.email);
    for (const code of [user.code(-2), user.code(2)]) {
      expect(await codeOf(answer(gateway, ticket, code))).toBe('INVALID_MFA_CODE');
    }
  });

  test('accepts a code once, and none from before it', async () => {
    const user = await enrol(gateway);
    gateway.clock.travel(periodSeconds);
    await signInTwice(gateway, user);
    const { ticket } = await challenge(gateway, user.email);
    for (const code of [user.code(), user.code(-1)]) {
      expect(await codeOf(answer(gateway, ticket, code))).toBe('INVALID_MFA_CODE');
    }
  });

  test('keeps the options of the password step in the ticket', async () => {
    const user = await enrol(gateway);
    const sessionOptions = { rememberMe: true, deviceName: 'Ada’s lamp', delivery: 'COOKIE' } as const;
    const { ticket } = await challenge(gateway, user.email, sessionOptions);
    const sent = await answerOf(
      gateway.post(bodyOf(FullVerifyMfaDocument, { input: { ticket, method: 'TOTP', code: user.code() } })),
    );
    const cookies = sent.headers.getSetCookie().map((line) => line.split('=')[0]);
    expect(cookies).toEqual(['__Host-postern_refresh', '__Host-postern_device']);
    const { data }: { data: { verifyMfa: SignedIn } } = JSON.parse(sent.text);
    expect(data.verifyMfa).toMatchObject({
      refreshToken: null,
      csrfToken: expect.any(String),
      session: { deviceName: 'Ada’s lamp' },
    });
    const end = gateway.clock.now().getTime() + 30 * 24 * 60 * minute * 1000;
    expect(new Date(data.verifyMfa.refreshTokenExpiresAt).getTime()).toBe(end);
  });

  test('makes the device known after the second step only', async () => {
    const user = await enrol(gateway);
    const first = await tryRight(gateway, user.email);
    expect([first.code, first.deviceToken]).toEqual(['signed in', null]);
    const { deviceToken } = await signInTwice(gateway, user);
    for (let tries = 0; tries < 5; tries += 1) await tryPassword(gateway, user.email);
    expect((await tryRight(gateway, user.email)).code).toBe('TOO_MANY_ATTEMPTS');
    expect((await tryRight(gateway, user.email, { 'x-device-token': deviceToken })).code).toBe('signed in');
  });

  test('mails the owner about a new device after the second step only', async () => {
    const user = await enrol(gateway);
    const before = await mailsDecided(gateway.database, 'new_sign_in', user.email);
    const input = { email: user.email, password: goodPassword };
    const headers = { 'user-agent': 'Stranger/1' };
    const begun = await answerOf(gateway.post(bodyOf(BeginLoginDocument, { input }), headers));
    expect(await mailsDecided(gateway.database, 'new_sign_in', user.email)).toBe(before);
    const { ticket } = JSON.parse(begun.text).data.login;
    await gateway.post(
      bodyOf(FullVerifyMfaDocument, { input: { ticket, method: 'TOTP', code: user.code() } }),
      headers,
    );
    expect(await mailsDecided(gateway.database, 'new_sign_in', user.email)).toBe(before + 1);
  });

  test('keeps used codes used when a clock is set back, without an error', async () => {
    const user = await enrol(gateway);
    const code = user.code();
    await signInTwice(gateway, user);
    gateway.clock.travel(-10 * minute);
    const { ticket } = await challenge(gateway, user.email);
    for (const spent of [code, user.code()])
      expect(await codeOf(answer(gateway, ticket, spent))).toBe('INVALID_MFA_CODE');
    await answer(gateway, ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE');
    gateway.clock.travel(10 * minute + periodSeconds);
    await signInTwice(gateway, user);
  });
});

const needsSession = ({ errors }: Answer) => errors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED');

describe('a ticket', () => {
  let user: Enrolled;
  beforeAll(async () => {
    user = await enrol(gateway);
  });

  test('is accepted by the second step only, in any argument', { timeout: 60_000 }, async () => {
    const { ticket } = await challenge(gateway, user.email);
    const secondStepFields = ['Mutation.verifyMfa', 'Mutation.beginPasskeyLogin', 'Mutation.loginWithPasskey'];
    const others = operationFields.filter((field) => !secondStepFields.includes(field));
    expect(others).toHaveLength(operationFields.length - secondStepFields.length);
    const places = [
      bearer(ticket),
      { cookie: `__Host-postern_refresh=${ticket}; __Host-postern_device=${ticket}`, 'x-device-token': ticket },
      { 'router-authorization': ticket },
    ];
    for (const field of others) {
      const { query, variables } = operationOf(field, ticket);
      const anonymous = await answerOf(gateway.post({ query, variables: operationOf(field).variables }));
      for (const headers of places) {
        const answer = await answerOf(gateway.post({ query, variables }, headers));
        for (const identifier of [user.email, user.session.viewer.id]) expect(answer.text).not.toContain(identifier);
        // As a bearer token it is invalid; other operations ignore it.
        const reason = 'authorization' in headers ? 'TOKEN_INVALID' : 'NO_CREDENTIALS';
        const [refused] = answer.errors.filter(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
        if (refused) expect([field, refused.extensions.reason]).toEqual([field, reason]);
        else expect([field, answer.status]).toEqual([field, anonymous.status]);
        if (needsSession(anonymous)) expect([field, refused !== undefined]).toEqual([field, true]);
      }
    }
    gateway.clock.travel(periodSeconds);
    await answer(gateway, ticket, user.code());
  });

  test('works once, for five minutes, and only if it is valid', async () => {
    gateway.clock.travel(periodSeconds);
    const { ticket } = await challenge(gateway, user.email);
    await answer(gateway, ticket, user.code());
    gateway.clock.travel(periodSeconds);
    expect(await codeOf(answer(gateway, ticket, user.code()))).toBe('INVALID_MFA_TICKET');
    const other = await challenge(gateway, user.email);
    gateway.clock.travel(5 * minute);
    expect(await codeOf(answer(gateway, other.ticket, user.code()))).toBe('INVALID_MFA_TICKET');
    for (const none of ['', 'x', 'A'.repeat(43), `${ticket} `]) {
      expect(await codeOf(answer(gateway, none, user.code()))).toBe('INVALID_MFA_TICKET');
    }
    const error = await refusal(answer(gateway, ticket, user.code()));
    expect(error.status).toBe(401);
  });

  test('ends with the fifth wrong code; malformed ones count and get the same response', async () => {
    const owner = await enrol(gateway);
    const { ticket } = await challenge(gateway, owner.email);
    const texts: string[] = [];
    for (const code of [wrongCode(owner), '', 'abcdef', '1234567', '１２３４５６']) {
      const input = { ticket, code, method: 'TOTP' } as const;
      const sent = await answerOf(gateway.post(bodyOf(FullVerifyMfaDocument, { input })));
      texts.push(`${sent.status} ${comparable(sent)}`);
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('INVALID_MFA_CODE');
    expect(await codeOf(answer(gateway, ticket, owner.code()))).toBe('INVALID_MFA_TICKET');
    await signInTwice(gateway, owner);
  });

  test('does not accept a code from a passkey user', async () => {
    const { ticket } = await challenge(gateway, user.email);
    expect(await refusal(answer(gateway, ticket, '123456', 'PASSKEY'))).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: 'input.method' }] },
    });
  });

  const endings: [string, (owner: Enrolled) => Promise<unknown>][] = [
    [
      'a password reset',
      async ({ email }) => {
        await gateway.send(RequestPasswordResetDocument, { input: { email } });
        const token = tokenIn(await gateway.mail.take(email, 'Reset your password'));
        await gateway.send(ResetPasswordDocument, { input: { token, newPassword: `${goodPassword} again` } });
      },
    ],
    [
      'a change of the password',
      ({ session }) =>
        gateway.send(
          ChangePasswordDocument,
          { input: { currentPassword: goodPassword, newPassword: `${goodPassword} again` } },
          session.accessToken,
        ),
    ],
    ['the suspension of its user', ({ email }) => setUser(email, 'status', 'SUSPENDED')],
    [
      'a suspension that is taken back',
      async (owner) => {
        const administrator = await newAdministrator();
        await administer(administrator, 'suspendUser', owner);
        await administer(administrator, 'reactivateUser', owner);
      },
    ],
    ['an unlock by an administrator', async (owner) => administer(await newAdministrator(), 'unlockUser', owner)],
    ['the end of the second factor', ({ session, code }) => disable(session, code())],
  ];
  test.each(endings)('ends with %s', async (_what, end) => {
    const owner = await enrol(gateway);
    const { ticket } = await challenge(gateway, owner.email);
    await end(owner);
    gateway.clock.travel(periodSeconds);
    expect(await codeOf(answer(gateway, ticket, owner.code()))).toBe('INVALID_MFA_TICKET');
    expect(await codeOf(answer(gateway, ticket, owner.backupCodes[0] ?? '', 'BACKUP_CODE'))).toBe('INVALID_MFA_TICKET');
  });

  test('ends with "this was not me"', async () => {
    const owner = await enrol(gateway);
    const stranger = { 'user-agent': 'Stranger/1' };
    const input = { email: owner.email, password: goodPassword };
    const begun = await answerOf(gateway.post(bodyOf(BeginLoginDocument, { input }), stranger));
    const answered = { ticket: JSON.parse(begun.text).data.login.ticket, method: 'TOTP', code: owner.code() } as const;
    await gateway.post(bodyOf(FullVerifyMfaDocument, { input: answered }), stranger);
    const { ticket } = await challenge(gateway, owner.email);
    const token = tokenIn(await gateway.mail.take(owner.email, 'A new sign-in to your account'));
    expect((await gateway.send(DisownSessionDocument, { input: { token } })).disownSession.revokedCount).toBe(1);
    gateway.clock.travel(periodSeconds);
    expect(await codeOf(answer(gateway, ticket, owner.code()))).toBe('INVALID_MFA_TICKET');
  });
});

describe('code guessing', () => {
  test('stops after ten wrong codes for the account over all tickets, for a quarter of an hour', async () => {
    const user = await enrol(gateway);
    for (let tries = 0; tries < 10; tries += 1) {
      const { ticket } = await challenge(gateway, user.email);
      expect(await codeOf(answer(gateway, ticket, wrongCode(user)))).toBe('INVALID_MFA_CODE');
    }
    const { ticket } = await challenge(gateway, user.email);
    const error = await refusal(answer(gateway, ticket, user.code()));
    expect(error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429, extensions: { retryAfter: quarterHour } });
    expect(await codeOf(answer(gateway, ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE'))).toBe('TOO_MANY_ATTEMPTS');
    expect(await codeOf(prove(user.session, { code: user.code() }))).toBe('TOO_MANY_ATTEMPTS');
    expect((await gateway.send(FullViewerDocument, {}, user.session.accessToken)).viewer?.id).toBe(
      user.session.viewer.id,
    );
    const id = user.session.viewer.id;
    expect(await auditedFor(id, 'guesses.stopped')).toMatchObject([{ details: { at: 'second_factor' } }]);
    expect((await auditedFor(id, 'mfa.code_refused')).map(({ details }) => details.reason)).toEqual([
      ...Array.from({ length: 10 }, () => 'wrong_code'),
      ...Array.from({ length: 3 }, () => 'locked'),
    ]);

    gateway.clock.travel(quarterHour);
    await signInTwice(gateway, user);
  });

  test('is reset by a right code, and not by the password or a new one', async () => {
    const user = await enrol(gateway);
    const guess = async (count: number) => {
      for (let tries = 0; tries < count; tries += 1) {
        const { ticket } = await challenge(gateway, user.email);
        expect(await codeOf(answer(gateway, ticket, wrongCode(user)))).toBe('INVALID_MFA_CODE');
      }
    };
    await guess(9);
    await prove(user.session, { password: goodPassword });
    await signInTwice(gateway, user);
    await guess(10);
    await gateway.send(RequestPasswordResetDocument, { input: { email: user.email } });
    const token = tokenIn(await gateway.mail.take(user.email, 'Reset your password'));
    const password = `${goodPassword} again`;
    await gateway.send(ResetPasswordDocument, { input: { token, newPassword: password } });
    gateway.clock.travel(periodSeconds);
    const { ticket } = await challenge(gateway, user.email, { password });
    expect(await codeOf(answer(gateway, ticket, user.code()))).toBe('TOO_MANY_ATTEMPTS');
  });

  test('has longer locks each time', async () => {
    const user = await enrol(gateway);
    for (const expected of [quarterHour, 2 * quarterHour, 4 * quarterHour]) {
      for (let tries = 0; tries < 10; tries += 1) {
        await refusal(answer(gateway, (await challenge(gateway, user.email)).ticket, wrongCode(user)));
      }
      const { ticket } = await challenge(gateway, user.email);
      const { extensions } = await refusal(answer(gateway, ticket, user.code()));
      expect(extensions.retryAfter).toBe(expected);
      gateway.clock.travel(expected);
    }
    await signInTwice(gateway, user);
  });

  test('is limited by source as well', async () => {
    const limited = await startTestGateway({ RATE_LIMITS: 'verifyMfa=3/15m' }, gateway);
    try {
      const guess = () => codeOf(answer(limited, 'A'.repeat(43), '123456'));
      expect([await guess(), await guess(), await guess(), await guess()]).toEqual([
        ...Array.from({ length: 3 }, () => 'INVALID_MFA_TICKET'),
        'RATE_LIMITED',
      ]);
    } finally {
      await limited.stop();
    }
  });
});

describe('a backup code', () => {
  test('replaces the TOTP code once, in any spelling, and notifies its owner', async () => {
    const user = await enrol(gateway);
    const [code = ''] = user.backupCodes;
    const { ticket } = await challenge(gateway, user.email);
    const session = await answer(gateway, ticket, ` ${code.toUpperCase().replace('-', ' ')}`, 'BACKUP_CODE');
    expect(session.session).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'BACKUP_CODE'] });
    expect(decodeJwt(session.accessToken).amr).toEqual(['pwd', 'otp', 'mfa']);
    expect((await statusOf(session))?.backupCodesRemaining).toBe(9);
    expect((await gateway.mail.take(user.email, 'A backup code was used')).text).toMatch(/9 are left\.\s/);
    expect(await auditedFor(session.viewer.id, 'backup_code.used')).toMatchObject([{ details: { remaining: 9 } }]);

    const again = await challenge(gateway, user.email);
    expect(await codeOf(answer(gateway, again.ticket, code, 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
    expect(await codeOf(answer(gateway, again.ticket, user.backupCodes[1] ?? '', 'TOTP'))).toBe('INVALID_MFA_CODE');
    expect(await codeOf(answer(gateway, again.ticket, user.code(), 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
  });

  test('warns when fewer than three remain, and is no method when none remains', async () => {
    const user = await enrol(gateway);
    for (const [index, code] of user.backupCodes.entries()) {
      // An address gets at most three mails of a kind an hour.
      gateway.clock.travel(25 * minute);
      await answer(gateway, (await challenge(gateway, user.email)).ticket, code, 'BACKUP_CODE');
      await everythingIsSent(gateway.database);
      const { text } = await gateway.mail.take(user.email, 'A backup code was used');
      expect(text?.includes('Create new ones soon')).toBe(9 - index < 3);
    }
    expect((await challenge(gateway, user.email)).methods).toEqual(['TOTP']);
  });

  test('is accepted with another dash, in all operations that accept one', async () => {
    const user = await enrol(gateway);
    const [a = '', b = '', c = '', d = ''] = user.backupCodes.map((code) => code.replace('-', '\u2013'));
    const { ticket } = await challenge(gateway, user.email);
    const session = await answer(gateway, ticket, a, 'BACKUP_CODE');
    await prove(session, { code: b });
    const { backupCodes } = await regenerate(session, c);
    expect(await codeOf(prove(session, { code: d }))).toBe('INVALID_MFA_CODE');
    await disable(session, (backupCodes[0] ?? '').replace('-', '\u2014'));
  });

  test('for a TOTP code is accepted with a dash, in all operations that accept one', async () => {
    const dashed = (code: string) => code.replace(/^.../, '$&-');
    const session = await signIn(gateway, await createUser(gateway));
    const offer = await begin(session);
    await confirm(session, dashed(codeNow(offer)));
    for (const spend of [
      (code: string) => prove(session, { code }),
      (code: string) => regenerate(session, code),
      (code: string) => disable(session, code),
    ]) {
      gateway.clock.travel(periodSeconds);
      await spend(dashed(codeNow(offer)));
    }
  });

  test('of another user is invalid', async () => {
    const [user, other] = [await enrol(gateway), await enrol(gateway)];
    const { ticket } = await challenge(gateway, user.email);
    expect(await codeOf(answer(gateway, ticket, other.backupCodes[0] ?? '', 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
  });

  test('is invalid after new ones are created, which needs a code as well', async () => {
    const user = await enrol(gateway);
    const { session } = user;
    expect(await codeOf(regenerate(session, wrongCode(user)))).toBe('INVALID_MFA_CODE');
    const { backupCodes } = await regenerate(session, user.code());
    expect(new Set([...backupCodes, ...user.backupCodes]).size).toBe(20);
    await gateway.mail.take(user.email, 'You have new backup codes');
    const { ticket } = await challenge(gateway, user.email);
    expect(await codeOf(answer(gateway, ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
    await answer(gateway, ticket, backupCodes[0] ?? '', 'BACKUP_CODE');
    const third = await regenerate(session, backupCodes[1] ?? '');
    expect((await statusOf(session))?.backupCodesRemaining).toBe(10);
    expect(third.backupCodes).not.toContain(backupCodes[2]);
  });
});

describe('TOTP removal', () => {
  test('needs a code, ends the second step, the backup codes and the session’s proof, and is mailed', async () => {
    const user = await enrol(gateway);
    expect(await codeOf(disable(user.session, wrongCode(user)))).toBe('INVALID_MFA_CODE');
    const { viewer } = await disable(user.session, user.code());
    expect(viewer.mfa).toEqual({ enabled: false, methods: [], backupCodesRemaining: 0, required: false });
    await gateway.mail.take(user.email, 'A second factor was removed');
    await signIn(gateway, user.email);
    const left = await gateway.database.query(
      `select 1 from totp_secrets where user_id = $1 union all select 1 from backup_codes where user_id = $1`,
      [viewer.id],
    );
    expect(left).toEqual([]);
    expect(await codeOf(disable(user.session, '123456'))).toBe('MFA_NOT_ENABLED');
    expect(await codeOf(regenerate(user.session, '123456'))).toBe('MFA_NOT_ENABLED');
    expect(await codeOf(prove(user.session, { code: '123456' }))).toBe('MFA_NOT_ENABLED');
  });

  test('accepts a backup code after the loss of the phone, and the next enrolment has another secret', async () => {
    const user = await enrol(gateway);
    await disable(user.session, user.backupCodes[3] ?? '');
    const offer = await begin(user.session);
    expect(offer.secret).not.toBe(user.secret);
  });

  test('needs recent authentication', async () => {
    const user = await enrol(gateway);
    gateway.clock.travel(10 * minute);
    expect(await codeOf(disable(user.session, user.code()))).toBe('REAUTHENTICATION_REQUIRED');
    expect(await codeOf(regenerate(user.session, user.code()))).toBe('REAUTHENTICATION_REQUIRED');
    await disable(await prove(user.session, { password: goodPassword }), user.code());
  });
});

describe('step-up', () => {
  /** A session from before the enrolment. */
  /** A session whose factor was removed, of a user that has another one. */
  async function olderSession(): Promise<{ user: Enrolled; older: SignedIn }> {
    const user = await enrol(gateway);
    const { key, passkey } = await addPasskey(gateway, user.session);
    const { ticket } = await challenge(gateway, user.email);
    const older = await signInByPasskey(gateway, key, { ticket });
    await gateway.send(FullRemovePasskeyDocument, { input: { id: passkey.id } }, user.session.accessToken);
    return { user, older };
  }

  test('with a code raises an older session to AAL2, and uses up the code', async () => {
    const { user, older } = await olderSession();
    const lifted = await prove(older, { code: user.code() });
    expect(lifted.session).toMatchObject({ id: older.session.id, assurance: 'AAL2', methods: ['PASSWORD', 'TOTP'] });
    expect(decodeJwt(lifted.accessToken)).toMatchObject({ acr: 'AAL2', amr: ['pwd', 'otp', 'mfa'] });
    expect(lifted.refreshToken).not.toBe(older.refreshToken);
    expect(await codeOf(prove(lifted, { code: user.code() }))).toBe('INVALID_MFA_CODE');
  });

  test('with a backup code does the same, uses it up, counts it and notifies the owner', async () => {
    const { user, older } = await olderSession();
    const [code = '', other = ''] = user.backupCodes;
    const lifted = await prove(older, { code });
    expect(lifted.session).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'BACKUP_CODE'] });
    expect(decodeJwt(lifted.accessToken)).toMatchObject({ acr: 'AAL2', amr: ['pwd', 'otp', 'mfa'] });
    expect((await statusOf(lifted))?.backupCodesRemaining).toBe(9);
    await gateway.mail.take(user.email, 'A backup code was used');
    expect(await codeOf(prove(lifted, { code }))).toBe('INVALID_MFA_CODE');
    expect(await codeOf(prove(older, { password: 'Wrong guess 1', code: other }))).toBe('INVALID_CREDENTIALS');
    expect((await statusOf(lifted))?.backupCodesRemaining).toBe(9);
  });

  test('with the password alone does not, and a wrong one beside a right code keeps the code unused', async () => {
    const { user, older } = await olderSession();
    expect((await prove(older, { password: goodPassword })).session.assurance).toBe('AAL1');
    expect(await codeOf(prove(older, { password: 'Wrong guess 1', code: user.code() }))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(prove(older, { password: goodPassword, code: wrongCode(user) }))).toBe('INVALID_MFA_CODE');
    const both = await prove(older, { password: goodPassword, code: user.code() });
    expect(both.session.assurance).toBe('AAL2');
  });

  test('counts malformed codes as wrong, and accepts a right one afterwards', async () => {
    const { user, older } = await olderSession();
    for (const code of malformed.slice(0, 9)) expect(await codeOf(prove(older, { code }))).toBe('INVALID_MFA_CODE');
    await prove(older, { code: user.code() });
  });

  test('is required before a session can add another factor', async () => {
    const { older } = await olderSession();
    expect(await codeOf(begin(older))).toBe('REAUTHENTICATION_REQUIRED');
    expect(await codeOf(confirm(older, '123456'))).toBe('REAUTHENTICATION_REQUIRED');
  });
});

describe('a role that requires a second factor', () => {
  let strict: TestGateway;
  beforeAll(async () => {
    strict = await startTestGateway({ MFA_REQUIRED_FOR: 'ADMIN' }, gateway);
  });
  afterAll(() => strict.stop());

  async function newAdmin(): Promise<string> {
    const email = await createUser(gateway);
    await setUser(email, 'role_name', 'ADMIN');
    return email;
  }

  test('lets its users enrol, refresh and sign out, and nothing else before that', async () => {
    const email = await newAdmin();
    const { login } = await strict.send(BeginLoginDocument, { input: { email, password: goodPassword } });
    const session = withRefreshToken(login);
    expect(session.viewer.mfa).toMatchObject({ enabled: false, required: true });
    const { accessToken } = session;
    const refused: (() => Promise<unknown>)[] = [
      () => strict.send(FullSessionsDocument, {}, accessToken),
      () => strict.send(UpdateProfileDocument, { input: { displayName: 'Ada' } }, accessToken),
      () =>
        strict.send(
          ChangePasswordDocument,
          { input: { currentPassword: goodPassword, newPassword: `${goodPassword} again` } },
          accessToken,
        ),
      () => strict.send(DisableTotpDocument, { input: { code: '123456' } }, accessToken),
    ];
    for (const call of refused) expect(await codeOf(call())).toBe('MFA_ENROLLMENT_REQUIRED');
    const { refresh } = await strict.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
    await strict.send(FullReauthenticateDocument, { input: { password: goodPassword } }, refresh.accessToken);
    const { beginTotpEnrollment } = await strict.send(BeginTotpEnrollmentDocument, { input: {} }, refresh.accessToken);
    const input = { code: codeNow(beginTotpEnrollment) };
    await strict.send(ConfirmTotpEnrollmentDocument, { input }, refresh.accessToken);
    // The access token from before the enrolment.
    expect((await strict.send(FullViewerDocument, {}, accessToken)).viewer).toMatchObject({ email });
    await strict.send(LogoutDocument, { input: {} }, accessToken);
  });

  test('permits sign-out without one', async () => {
    const session = await signIn(strict, await newAdmin());
    expect((await strict.send(LogoutDocument, { input: {} }, session.accessToken)).logout.revoked).toBe(true);
  });

  test('takes effect again when the last factor is removed, on every session', async () => {
    const user = await enrol(strict, await newAdmin());
    expect((await strict.send(MfaDocument, {}, user.session.accessToken)).viewer?.mfa.required).toBe(true);
    await strict.send(DisableTotpDocument, { input: { code: user.code() } }, user.session.accessToken);
    expect(await codeOf(strict.send(FullSessionsDocument, {}, user.session.accessToken))).toBe(
      'MFA_ENROLLMENT_REQUIRED',
    );
  });

  test('takes effect as soon as a user gets the role', async () => {
    const email = await createUser(gateway);
    const session = await signIn(strict, email);
    await strict.send(FullViewerDocument, {}, session.accessToken);
    await setUser(email, 'role_name', 'ADMIN');
    expect(await codeOf(strict.send(FullSessionsDocument, {}, session.accessToken))).toBe('MFA_ENROLLMENT_REQUIRED');
  });
});

describe('a password reset', () => {
  test('does not bypass the second factor', async () => {
    const user = await enrol(gateway);
    await gateway.send(RequestPasswordResetDocument, { input: { email: user.email } });
    const token = tokenIn(await gateway.mail.take(user.email, 'Reset your password'));
    const newPassword = `${goodPassword} again`;
    await gateway.send(ResetPasswordDocument, { input: { token, newPassword } });
    const { ticket } = await challenge(gateway, user.email, { password: newPassword });
    await answer(gateway, ticket, user.code());
  });
});

describe('storage', () => {
  test('has neither secrets nor codes nor tickets in clear, and neither has the log', async () => {
    const user = await enrol(gateway);
    const { ticket } = await challenge(gateway, user.email);
    await answer(gateway, ticket, wrongCode(user)).catch(() => undefined);
    const [used = ''] = user.backupCodes;
    await answer(gateway, ticket, used, 'BACKUP_CODE');
    const open = await challenge(gateway, user.email);
    let dump = '';
    for (const table of ['totp_secrets', 'backup_codes', 'mfa_tickets', 'audit_entries', 'outbox_mails']) {
      const rows = await gateway.database.query<{ text: string }>(
        `select row_to_json(t)::text as text from ${table} t`,
      );
      dump += rows.map(({ text }) => text).join('\n');
    }
    const codes = user.backupCodes.flatMap((code) => [code, code.replace('-', '')]);
    for (const secret of [user.secret, ticket, open.ticket, ...codes]) {
      for (const spelling of [secret, Buffer.from(secret).toString('hex')]) {
        expect(dump).not.toContain(spelling);
        expect(gateway.logs.join('\n')).not.toContain(spelling);
      }
    }
  });

  test('rejects a sealed secret moved to another user', async () => {
    const [user, attacker] = [await enrol(gateway), await enrol(gateway)];
    await gateway.database.query(
      `update totp_secrets set secret_sealed = (select secret_sealed from totp_secrets where user_id = $1) where user_id = $2`,
      [attacker.session.viewer.id, user.session.viewer.id],
    );
    gateway.clock.travel(periodSeconds);
    const { ticket } = await challenge(gateway, user.email);
    expect(await codeOf(answer(gateway, ticket, attacker.code()))).toBe('INTERNAL_SERVER_ERROR');
    expect(await codeOf(answer(gateway, ticket, user.code()))).toBe('INTERNAL_SERVER_ERROR');
    await signInTwice(gateway, attacker);
  });

  const sealerOf = (...secrets: [Buffer, ...Buffer[]]) => createSealer(createKeyRing(secrets));

  test('without the key refuses every code without counting it, and the log says what to do', async () => {
    const user = await enrol(gateway);
    const { id } = user.session.viewer;
    const foreign = sealerOf(randomBytes(32)).seal(Buffer.from(user.secret), id);
    await gateway.database.query('update totp_secrets set secret_sealed = $1 where user_id = $2', [foreign, id]);
    const { ticket } = await challenge(gateway, user.email);
    for (let tries = 0; tries < 12; tries += 1) {
      const error = await refusal(answer(gateway, ticket, user.code()));
      expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
      expect(error.message).not.toMatch(/SECRET|seal/);
    }
    const line = gateway.logs.findLast((text) => text.includes('UnsealError'));
    expect(line).toContain('set SECRET to its earlier value, or set SECRET_PREVIOUS to it');
    await answer(gateway, ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE');
  });

  test('during a rotation of the secret accepts both factors, and reseals used ones with the new one', async () => {
    const user = await enrol(gateway);
    const next = randomBytes(32);
    const settings = { SECRET: next.toString('base64'), SECRET_PREVIOUS: testSecret };
    const rotating = await startTestGateway(settings, gateway);
    try {
      await signInTwice(rotating, user);
      const { ticket } = await challenge(rotating, user.email);
      await answer(rotating, ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE');
    } finally {
      await rotating.stop();
    }
    const { id } = user.session.viewer;
    const [row] = await gateway.database.query<{ sealed: Buffer }>(
      'select secret_sealed as sealed from totp_secrets where user_id = $1',
      [id],
    );
    expect(
      sealerOf(next)
        .unseal(row?.sealed ?? Buffer.alloc(0), id)
        .toString(),
    ).toBe(user.secret);
  });
});
