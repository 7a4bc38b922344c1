/** Registration: an address is pending until its mail is confirmed, and responses reveal no account. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, comparable, errorOf } from '../support/gateway/answer.ts';
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
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  FullViewerDocument,
  RegisterDocument,
  ResendVerificationEmailDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { takeAll } from '../support/mail/mailbox.ts';

const hour = 60 * 60;
const day = 24 * hour;

const gateway = useGateway();

/** Registers. @returns the token of the mail. The clock moves, so that later registrations have a later time. */
async function register(email: string, password = goodPassword): Promise<string> {
  gateway.clock.travel(1);
  await gateway.send(RegisterDocument, { input: { email, password } });
  return tokenIn(await gateway.mail.take(email));
}

const verify = (token: string) => gateway.send(VerifyEmailDocument, { input: { token } });
const login = (email: string, password = goodPassword) =>
  gateway.send(FullLoginDocument, { input: { email, password } });
const resend = (email: string, password = goodPassword) =>
  gateway.send(ResendVerificationEmailDocument, { input: { email, password } });
const registerAnswer = (email: string, password = goodPassword, displayName?: string) =>
  answerOf(gateway.post(bodyOf(RegisterDocument, { input: { email, password, ...(displayName && { displayName }) } })));

async function usersWith(email: string): Promise<number> {
  return (await gateway.database.query('select id from users where email = $1', [email])).length;
}

async function pendingWith(email: string): Promise<number> {
  return (await gateway.database.query('select id from registrations where email = $1', [email])).length;
}

describe('a pending registration', () => {
  test.concurrent('is not an account until its link is used', async () => {
    const email = newAddress();
    const token = await register(email);
    expect(await usersWith(email)).toBe(0);
    expect(await refusal(login(email))).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });

    await verify(token);
    expect(await usersWith(email)).toBe(1);
    expect(await pendingWith(email)).toBe(0);
    expect((await signIn(gateway, email)).viewer.email).toBe(email);
  });

  test.concurrent('is answered with EMAIL_NOT_VERIFIED for its password and with INVALID_CREDENTIALS for a wrong one', async () => {
    const email = newAddress();
    await register(email);
    expect(await refusal(login(email))).toMatchObject({ code: 'EMAIL_NOT_VERIFIED', status: 200 });
    const wrong = await refusal(login(email, 'Wander 8 lanterns'));
    const unknown = await refusal(login(newAddress()));
    expect(wrong).toMatchObject({ code: 'INVALID_CREDENTIALS', status: unknown.status, message: unknown.message });
    expect(Object.keys(wrong.extensions).sort()).toEqual(Object.keys(unknown.extensions).sort());
  });

  test.concurrent('is found by its own password when two wait for one address, the older one too', async () => {
    const email = newAddress();
    await register(email, 'First of 2 lanterns');
    await register(email, 'Second of 2 lanterns');
    for (const password of ['First of 2 lanterns', 'Second of 2 lanterns']) {
      expect(await refusal(login(email, password))).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
    }
    expect(await refusal(login(email, 'Third of 2 lanterns'))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('expires after 24 hours, and its password with it', async () => {
    const inTime = newAddress();
    const late = newAddress();
    const [tokenInTime, tokenLate] = [await register(inTime), await register(late)];
    gateway.clock.travel(day - 2);
    expect((await verify(tokenInTime)).verifyEmail.verified).toBe(true);
    gateway.clock.travel(2);
    expect(await refusal(verify(tokenLate))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await refusal(login(late))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await usersWith(late)).toBe(0);
  });

  test('is replaced when it is the oldest of four', async () => {
    const email = newAddress();
    const passwords = ['First of 4 lanterns', 'Second of 4 lanterns', 'Third of 4 lanterns', 'Fourth of 4 lanterns'];
    const tokens: string[] = [];
    for (const password of passwords) {
      // An address gets at most three mails an hour.
      if (tokens.length === 3) gateway.clock.travel(hour);
      tokens.push(await register(email, password));
    }
    const [oldest = '', second = ''] = tokens;
    expect(await pendingWith(email)).toBe(3);
    expect(await refusal(verify(oldest))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await refusal(login(email, passwords[0]))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await verify(second)).verifyEmail.verified).toBe(true);
  });

  test('is replaced among the unexpired ones only', async () => {
    const email = newAddress();
    await register(email, 'First of 4 lanterns');
    gateway.clock.travel(day + hour);
    const token = await register(email, 'Second of 4 lanterns');
    await register(email, 'Third of 4 lanterns');
    await register(email, 'Fourth of 4 lanterns');
    expect((await verify(token)).verifyEmail.verified).toBe(true);
  });
});

describe.concurrent('a confirmation token', () => {
  test('gets the same response when it is sent twice', async () => {
    const token = await register(newAddress());
    expect((await verify(token)).verifyEmail.verified).toBe(true);
    expect((await verify(token)).verifyEmail.verified).toBe(true);
  });

  test('invalidates the others of its address, and none of their passwords is accepted', async () => {
    const email = newAddress();
    const first = await register(email, 'First of 3 lanterns');
    const second = await register(email, 'Second of 3 lanterns');
    const third = await register(email, 'Third of 3 lanterns');
    await verify(second);
    for (const token of [first, third]) {
      expect(await refusal(verify(token))).toMatchObject({ code: 'INVALID_TOKEN' });
    }
    expect(await usersWith(email)).toBe(1);
    for (const password of ['First of 3 lanterns', 'Second of 3 lanterns', 'Third of 3 lanterns']) {
      expect(await refusal(login(email, password))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    }
  });

  test.each([
    ['empty', ''],
    ['an unknown one', 'a'.repeat(43)],
    ['as long as the input limit', 'a'.repeat(512)],
    ['with characters outside its alphabet', `${'a'.repeat(42)}\u0000`],
  ])('is refused when it is %s', async (_what, token) => {
    expect(await refusal(verify(token))).toMatchObject({ code: 'INVALID_TOKEN', status: 200 });
  });

  test('is refused after any change of a character', async () => {
    const email = newAddress();
    const token = await register(email);
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const changed of [`${token.slice(0, -1)}${last}`, ` ${token}`, `${token}=`, token.toLowerCase()]) {
      expect(await refusal(verify(changed))).toMatchObject({ code: 'INVALID_TOKEN' });
    }
    expect((await verify(token)).verifyEmail.verified).toBe(true);
  });
});

describe.concurrent('a registration of a taken address', () => {
  test('looks exactly like that of a free one', async () => {
    const taken = await registerUser(gateway);
    const [free, again] = [await registerAnswer(newAddress()), await registerAnswer(taken, 'Another 8 lanterns')];
    expect(free.data).toEqual({ register: { status: 'VERIFICATION_SENT' } });
    expect(again.text).toBe(free.text);
    expect(again.status).toBe(free.status);
    const names = (headers: Headers) => [...headers.keys()].sort();
    expect(names(again.headers)).toEqual(names(free.headers));
  });

  test('notifies its owner by mail and changes nothing', async () => {
    const email = await registerUser(gateway);
    const before = await gateway.database.query('select * from users where email = $1', [email]);
    await gateway.send(RegisterDocument, {
      input: { email, password: 'Another 8 lanterns', displayName: 'Mallory' },
    });
    const [mail, ...more] = await takeAll(gateway, email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('You already have an account');
    expect(mail?.text).not.toContain('#token=');
    expect(mail?.html).not.toContain('#token=');

    expect(await gateway.database.query('select * from users where email = $1', [email])).toEqual(before);
    expect(await pendingWith(email)).toBe(0);
    expect(await refusal(login(email, 'Another 8 lanterns'))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await signIn(gateway, email)).viewer.email).toBe(email);
  });

  test('is refused for the same reasons as a free one', async () => {
    const taken = await registerUser(gateway);
    const [weakTaken, weakFree] = [
      await registerAnswer(taken, 'weak'),
      await registerAnswer('free@example.com', 'weak'),
    ];
    expect(comparable(weakTaken)).toBe(comparable(weakFree));
    expect(weakTaken.status).toBe(weakFree.status);
  });
});

describe('a repeated request for the confirmation mail', () => {
  test.concurrent('invalidates the previous link', async () => {
    const email = newAddress();
    const first = await register(email);
    gateway.clock.travel(1);
    expect((await resend(email)).resendVerificationEmail.accepted).toBe(true);
    const second = tokenIn(await gateway.mail.take(email));
    expect(second).not.toBe(first);
    expect(await refusal(verify(first))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect((await verify(second)).verifyEmail.verified).toBe(true);
    expect((await signIn(gateway, email)).viewer.email).toBe(email);
  });

  test('gives the new link 24 hours of its own', async () => {
    const email = newAddress();
    await register(email);
    gateway.clock.travel(23 * hour);
    await resend(email);
    const token = tokenIn(await gateway.mail.take(email));
    gateway.clock.travel(23 * hour);
    expect((await verify(token)).verifyEmail.verified).toBe(true);
  });

  test.concurrent('gets the same response for a pending, unknown and confirmed address, and only the first gets a mail', async () => {
    const pending = newAddress();
    await register(pending);
    const [confirmed, unknown] = [await registerUser(gateway), newAddress()];
    const answers = await Promise.all(
      [pending, confirmed, unknown].map((email) =>
        answerOf(gateway.post(bodyOf(ResendVerificationEmailDocument, { input: { email } }))),
      ),
    );
    expect(new Set(answers.map(({ text, status }) => `${status} ${text}`)).size).toBe(1);
    expect(await takeAll(gateway, pending)).toHaveLength(1);
    expect(await takeAll(gateway, confirmed)).toEqual([]);
    expect(await takeAll(gateway, unknown)).toEqual([]);
  });

  test('does not revive an expired registration', async () => {
    const email = newAddress();
    await register(email);
    gateway.clock.travel(day);
    await resend(email);
    expect(await takeAll(gateway, email)).toEqual([]);
  });
});

describe('mail to one address', () => {
  test('stops silently after three of a kind an hour, and continues after the hour', async () => {
    const email = newAddress();
    const answers = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      gateway.clock.travel(1);
      answers.push(await registerAnswer(email, `Attempt ${attempt} of lanterns`));
    }
    expect(new Set(answers.map(({ text, status }) => `${status} ${text}`)).size).toBe(1);
    expect(await takeAll(gateway, email)).toHaveLength(3);

    gateway.clock.travel(hour);
    await registerAnswer(email);
    expect(await takeAll(gateway, email)).toHaveLength(1);
  });

  test.concurrent('is counted by address, for every kind of mail', async () => {
    const [email, other] = [newAddress(), newAddress()];
    await register(email);
    await register(email);
    const token = await register(email);
    expect((await verify(await register(other))).verifyEmail.verified).toBe(true);
    await verify(token);
    await registerAnswer(email);
    expect(await takeAll(gateway, email)).toEqual([]);
  });

  test.concurrent('is counted for every spelling of the address', async () => {
    const email = newAddress();
    for (const spelling of [email, email.toUpperCase(), ` ${email}`, `${email} `]) {
      gateway.clock.travel(1);
      await registerAnswer(spelling);
    }
    expect(await takeAll(gateway, email)).toHaveLength(3);
  });

  test.concurrent('notifies the owner of an account three times an hour at most, the confirmation included', async () => {
    const email = await registerUser(gateway);
    for (let i = 0; i < 5; i += 1) await registerAnswer(email);
    expect(await takeAll(gateway, email)).toHaveLength(2);
  });

  test('that was withheld keeps the last sent link valid', async () => {
    const email = newAddress();
    await register(email);
    const links: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      gateway.clock.travel(1);
      await resend(email);
      links.push(tokenIn(await gateway.mail.take(email)));
    }
    // The fourth of the hour: no mail is sent, so no link may become invalid. Otherwise an attacker could lock out the
    // owner.
    await resend(email);
    expect(await takeAll(gateway, email)).toEqual([]);
    expect((await verify(links.at(-1) ?? '')).verifyEmail.verified).toBe(true);
  });
});

describe.concurrent('the spelling', () => {
  test.each([
    ['upper case', 'Spelled.One@Example.COM', 'spelled.one@example.com'],
    ['white space around it', '\t spelled.two@example.com \n', 'spelled.two@example.com'],
    ['full-width letters', 'ｓｐｅｌｌｅｄ.three@example.com', 'spelled.three@example.com'],
    ['a domain in Unicode', 'spelled.four@BÜCHER.example', 'spelled.four@xn--bcher-kva.example'],
  ])('of an e-mail address does not matter: %s', async (_what, spelling, normal) => {
    // The mail shows the address in Unicode.
    const shown = normal.replace('xn--bcher-kva', 'bücher');
    await registerAnswer(spelling);
    await verify(tokenIn(await gateway.mail.take(shown)));
    for (const one of [spelling, normal]) {
      const session = await signIn(gateway, one);
      expect(session.viewer.email).toBe(normal);
    }
    await registerAnswer(spelling, 'Another 8 lanterns');
    expect((await gateway.mail.take(shown)).subject).toBe('You already have an account');
    expect(await usersWith(normal)).toBe(1);
  });
});

describe('without verification', () => {
  let open: TestGateway;
  beforeAll(async () => {
    open = await startTestGateway({ EMAIL_VERIFICATION: 'off' });
  });
  afterAll(() => open.stop());

  const registerHere = (email: string, password = goodPassword, displayName?: string) =>
    open.send(RegisterDocument, { input: { email, password, ...(displayName !== undefined && { displayName }) } });

  async function nameAfter(displayName: string): Promise<string | null | undefined> {
    const email = newAddress();
    await registerHere(email, goodPassword, displayName);
    const { accessToken } = await signIn(open, email);
    return (await open.send(FullViewerDocument, {}, accessToken)).viewer?.displayName;
  }

  test('an account is created at once with an unconfirmed address', async () => {
    const email = newAddress();
    expect((await registerHere(email)).register.status).toBe('ACTIVE');
    const { accessToken } = await signIn(open, email);
    const { viewer } = await open.send(FullViewerDocument, {}, accessToken);
    expect(viewer).toMatchObject({ email, emailVerified: false, role: { name: 'USER' } });
    expect(await takeAll(open, email)).toEqual([]);
  });

  test('a taken address is refused with EMAIL_TAKEN in any spelling and stays as it is', async () => {
    const email = newAddress();
    await registerHere(email);
    for (const spelling of [email, email.toUpperCase()]) {
      const taken = await refusal(registerHere(spelling, 'Another 8 lanterns'));
      expect(taken).toMatchObject({ code: 'EMAIL_TAKEN', status: 200 });
      expect(Object.keys(taken.extensions).sort()).toEqual(['code', 'requestId']);
    }
    expect((await signIn(open, email)).viewer.email).toBe(email);
  });

  test('a password is the same in every Unicode spelling', async () => {
    const email = newAddress();
    await registerHere(email, 'Ångström ﬁnds 7 lanterns'.normalize('NFC'));
    for (const spelling of ['Ångström finds 7 lanterns'.normalize('NFD'), 'Ångström finds ７ lanterns']) {
      expect((await signIn(open, email, spelling)).viewer.email).toBe(email);
    }
  });

  test('a password is never truncated, neither at a NUL nor at its end', async () => {
    const email = newAddress();
    const long = `Aa7 ${'x'.repeat(60)}\u0000${'y'.repeat(60)}`;
    await registerHere(email, long);
    for (const cut of [
      long.slice(0, 72),
      long.slice(0, 64),
      `${long.slice(0, 65)}${'z'.repeat(60)}`,
      long.slice(0, -1),
    ]) {
      expect(await refusal(open.send(FullLoginDocument, { input: { email, password: cut } }))).toMatchObject({
        code: 'INVALID_CREDENTIALS',
      });
    }
    expect((await signIn(open, email, long)).viewer.email).toBe(email);
  });

  test('the length of a password is counted in characters, not in UTF-16 units', async () => {
    const email = newAddress();
    const longest = `Aa7 ${'🏮'.repeat(124)}`;
    await registerHere(email, longest);
    expect((await signIn(open, email, longest)).viewer.email).toBe(email);
    const error = await refusal(registerHere(newAddress(), `${longest}🏮`));
    expect(error.extensions.fields).toEqual([
      { path: 'input.password', code: 'TOO_LONG', message: expect.stringContaining('128') },
    ]);
  });

  test('white space is part of the password', async () => {
    const email = newAddress();
    await registerHere(email, `${goodPassword} `);
    const trimmed = open.send(FullLoginDocument, { input: { email, password: goodPassword } });
    expect(await refusal(trimmed)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test.each([
    ['is trimmed', '  Ada Lovelace ', 'Ada Lovelace'],
    ['is composed', 'Zoe\u0308', 'Zo\u00eb'],
    ['that is empty is null', '   ', null],
    ['may have a hundred characters of any kind', '🏮'.repeat(100), '🏮'.repeat(100)],
    ['may look like markup', '<b>"Ada" & \'Co\'</b>', '<b>"Ada" & \'Co\'</b>'],
  ])('a display name %s', async (_what, given, kept) => {
    expect(await nameAfter(given)).toBe(kept);
  });

  test.each([
    ['of more than a hundred characters', 'n'.repeat(101), 'TOO_LONG'],
    ['with a line break', 'Ada\r\nBcc: eve@example.com', 'INVALID_CHARACTERS'],
    ['with a NUL', 'Ada\u0000', 'INVALID_CHARACTERS'],
    ['with a change of direction', 'Ada \u202emoc.elpmaxe', 'INVALID_CHARACTERS'],
  ])('a display name %s is refused', async (_what, displayName, code) => {
    const email = newAddress();
    const error = await refusal(registerHere(email, goodPassword, displayName));
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(error.extensions.fields).toEqual([{ path: 'input.displayName', code, message: expect.any(String) }]);
    expect(await open.database.query('select id from users where email = $1', [email])).toEqual([]);
  });
});

describe('an unacceptable password', () => {
  const cases: [string, string, string[]][] = [
    ['too short', 'Qz7 kv', ['TOO_SHORT']],
    ['too long', `Aa7 ${'Kv9-'.repeat(32)}`, ['TOO_LONG']],
    ['common', 'P@ssw0rd', ['TOO_COMMON']],
    ['without upper case', 'wander 7 lanterns', ['MISSING_CLASSES']],
    ['without lower case', 'WANDER 7 LANTERNS', ['MISSING_CLASSES']],
    ['without a digit', 'Wander x lanterns', ['MISSING_CLASSES']],
    ['without a special character', 'Wander7lanterns', ['MISSING_CLASSES']],
    ['made of the address', 'Gwendolyn. 7 lanterns', ['CONTEXT_WORD']],
    ['made of the name', 'Rumpelstilz 7 lanterns', ['CONTEXT_WORD']],
    ['made of the product', 'My Postern 7 lanterns', ['CONTEXT_WORD']],
    ['wrong in several ways', 'qwerty', ['TOO_SHORT', 'MISSING_CLASSES', 'TOO_COMMON']],
    ['empty', '', ['TOO_SHORT', 'MISSING_CLASSES']],
  ];

  test.each(cases)('is refused with every problem: %s', async (_what, password, codes) => {
    const email = 'gwendolyn.smith@example.com';
    const answer = await registerAnswer(email, password, 'Rumpelstilz');
    const error = errorOf(answer);
    expect(error.extensions.code).toBe('BAD_USER_INPUT');
    expect(error.extensions.fields?.map(({ code }) => code)).toEqual(codes);
    for (const field of error.extensions.fields ?? []) {
      expect(field.path).toBe('input.password');
      expect(field.message).toMatch(/\.$/);
      expect(Object.keys(field).sort()).toEqual(['code', 'message', 'path']);
    }
    if (password) expect(answer.text).not.toContain(password);
    expect(await pendingWith(email)).toBe(0);
  });

  test('is reported together with every other wrong field', async () => {
    const answer = await registerAnswer('no address', 'Qz7 kv', 'Ada\u0000');
    expect(errorOf(answer).extensions.fields?.map(({ path, code }) => [path, code])).toEqual([
      ['input.email', 'INVALID_EMAIL'],
      ['input.password', 'TOO_SHORT'],
      ['input.displayName', 'INVALID_CHARACTERS'],
    ]);
    expect(answer.text).not.toContain('no address');
    expect(answer.text).not.toContain('Qz7 kv');
  });

  test('sends no mail', async () => {
    const email = newAddress();
    await registerAnswer(email, 'weak');
    expect(await takeAll(gateway, email)).toEqual([]);
  });
});
