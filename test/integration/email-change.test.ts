/** The change of an address: required confirmations, notifications, the restore by the owner, and neutral responses. */
import { describe, expect, test } from 'vitest';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  type SignedIn,
  signIn,
  startTestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  ExportMyDataDocument,
  FullViewerDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { recipientsOf, tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent, takeAll } from '../support/mail/mailbox.ts';
import {
  askForAddress,
  changeAddress,
  confirmAddress,
  disown,
  subjects,
  tokenForAddress,
} from '../support/people/address-change.ts';
import { auditTrail } from '../support/people/audit.ts';
import { invite } from '../support/people/invite.ts';
import { createUser } from '../support/people/password-attempts.ts';

const hour = 60 * 60;
const week = 7 * 24 * hour;
const nextPassword = 'Marble 8 galaxies';

const gateway = useGateway(lockoutOff);

interface Person {
  email: string;
  session: SignedIn;
}

async function newPerson(): Promise<Person> {
  const email = await createUser(gateway);
  return { email, session: await signIn(gateway, email) };
}

const ask = ({ session }: Person, newEmail: string) => askForAddress(gateway, session, newEmail);
const confirm = (token: string, asker?: SignedIn) => confirmAddress(gateway, token, asker);
const change = ({ session, email }: Person, to: string) => changeAddress(gateway, session, email, to);
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;

async function addressOf({ session }: Person): Promise<string | undefined> {
  const rows = await gateway.database.query<{ email: string }>('select email from users where id = $1', [
    session.viewer.id,
  ]);
  return rows[0]?.email;
}

async function resetToken(email: string): Promise<string> {
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  return tokenIn(await gateway.mail.take(email, 'Reset your password'));
}

describe('an address change', () => {
  test('needs the link at the new address; the session continues, and the old address is invalid for sign-in', async () => {
    const person = await newPerson();
    const to = newAddress();
    const token = await tokenForAddress(gateway, person.session, to);
    expect(await addressOf(person)).toBe(person.email);
    expect((await confirm(token, person.session)).confirmEmailChange.viewer).toMatchObject({
      id: person.session.viewer.id,
      email: to,
      emailVerified: true,
    });
    expect((await gateway.send(FullViewerDocument, {}, person.session.accessToken)).viewer?.email).toBe(to);
    expect((await signIn(gateway, to)).viewer.id).toBe(person.session.viewer.id);
    expect(await codeOf(signIn(gateway, person.email))).toBe('INVALID_CREDENTIALS');
  });

  test('notifies the old address at the request and at the change, with both addresses', async () => {
    const person = await newPerson();
    const to = newAddress();
    await confirm(await tokenForAddress(gateway, person.session, to));
    for (const subject of [subjects.warning, subjects.changed]) {
      const { text } = await gateway.mail.take(person.email, subject);
      expect(text).toContain(to);
      expect(text).toContain('127.0.0.1');
      expect(text).toContain('https://app.example.com/not-me#token=');
    }
  });

  test('is recorded at the request and at the change, without either address', async () => {
    const person = await newPerson();
    const to = newAddress();
    await change(person, to);
    const own = (await auditTrail(gateway.database)).filter(({ targetId }) => targetId === person.session.viewer.id);
    const [asked, done] = own.filter(({ action }) => action.startsWith('email.'));
    const by = { outcome: 'SUCCESS', actorId: person.session.viewer.id, sessionId: person.session.session.id };
    const hash = expect.stringMatching(/^[\w-]{43}$/);
    expect(asked).toMatchObject({ ...by, action: 'email.change_requested' });
    expect(asked?.details).toEqual({ addressHash: hash, result: 'accepted' });
    expect(done).toMatchObject({ ...by, action: 'email.changed' });
    expect(done?.details).toEqual({ through: 'confirmation', formerAddressHash: hash });
  });

  test('is confirmed by the link alone, and reveals nothing about the account', async () => {
    const [person, stranger] = [await newPerson(), await newPerson()];
    const [first, second] = [newAddress(), newAddress()];
    const anonymous = await confirm(await tokenForAddress(gateway, person.session, first));
    expect(anonymous.confirmEmailChange.viewer).toBeNull();
    const other = await confirm(await tokenForAddress(gateway, person.session, second), stranger.session);
    expect(other.confirmEmailChange.viewer).toBeNull();
    expect(await addressOf(person)).toBe(second);
    expect(await addressOf(stranger)).toBe(stranger.email);
  });

  test('of two requested ones only the last can be confirmed', async () => {
    const person = await newPerson();
    const older = await tokenForAddress(gateway, person.session, newAddress());
    const to = newAddress();
    const newer = await tokenForAddress(gateway, person.session, to);
    expect(await codeOf(confirm(older))).toBe('INVALID_TOKEN');
    await confirm(newer);
    expect(await addressOf(person)).toBe(to);
  });

  test('invalidates the reset links sent to the old address', async () => {
    const person = await newPerson();
    const token = await resetToken(person.email);
    await change(person, newAddress());
    const reset = gateway.send(ResetPasswordDocument, { input: { token, newPassword: nextPassword } });
    expect(await codeOf(reset)).toBe('INVALID_TOKEN');
  });

  test.each(['not an address', '', '@example.com'])('to %j is bad input', async (newEmail) => {
    const { code, extensions } = await refusal(ask(await newPerson(), newEmail));
    expect(code).toBe('BAD_USER_INPUT');
    expect(extensions.fields).toMatchObject([{ path: 'input.newEmail' }]);
  });

  test('to the current address, in any spelling, is bad input', async () => {
    const person = await newPerson();
    for (const spelling of [person.email, ` ${person.email.toUpperCase()} `]) {
      const { extensions } = await refusal(ask(person, spelling));
      expect(extensions.fields).toMatchObject([{ path: 'input.newEmail', code: 'UNCHANGED' }]);
    }
  });
});

describe('a change request', () => {
  test('needs a session with recent authentication', async () => {
    const anonymous = gateway.send(RequestEmailChangeDocument, { input: { newEmail: newAddress() } });
    expect(await codeOf(anonymous)).toBe('UNAUTHENTICATED');
    const person = await newPerson();
    gateway.clock.travel(601);
    expect(await codeOf(ask(person, newAddress()))).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('is limited by user, and its confirmation by source', async () => {
    const limited = await startTestGateway({ RATE_LIMITS: 'requestEmailChange=2/1h,verifyEmail=2/1h' }, gateway);
    try {
      const [person, other] = [await newPerson(), await newPerson()];
      for (const expected of [null, null, 'RATE_LIMITED']) {
        const asked = askForAddress(limited, person.session, newAddress());
        expect(
          await asked.then(
            () => null,
            () => codeOf(asked),
          ),
        ).toBe(expected);
      }
      await askForAddress(limited, other.session, newAddress());
      for (const expected of ['INVALID_TOKEN', 'INVALID_TOKEN', 'RATE_LIMITED']) {
        expect(await codeOf(confirmAddress(limited, 'x'))).toBe(expected);
      }
    } finally {
      await limited.stop();
    }
  });
});

describe('an address of another user', () => {
  const addresses: [string, () => Promise<string>][] = [
    ['an account’s', () => createUser(gateway)],
    ['a suspended account’s', () => createUser(gateway, 'SUSPENDED')],
    ['a deleted account’s', () => createUser(gateway, 'DELETED')],
    [
      'an invited user’s',
      async () => {
        const email = newAddress();
        await invite(gateway, email);
        return email;
      },
    ],
    [
      'reserved for its previous owner',
      async () => {
        const person = await newPerson();
        await change(person, newAddress());
        return person.email;
      },
    ],
  ];

  test.each(addresses)('%s gets the response and the mails of a free one, and cannot be taken', async (_kind, make) => {
    const person = await newPerson();
    const taken = await make();
    await takeAll(gateway, taken);
    const answers = await Promise.all(
      [newAddress(), taken].map((newEmail) =>
        answerOf(
          gateway.post(bodyOf(RequestEmailChangeDocument, { input: { newEmail } }), bearer(person.session.accessToken)),
        ),
      ),
    );
    expect(new Set(answers.map((answer) => `${answer.status} ${comparable(answer)}`)).size).toBe(1);
    const warnings = (await takeAll(gateway, person.email)).filter(({ subject }) => subject === subjects.warning);
    expect(warnings).toHaveLength(2);
    expect(await takeAll(gateway, taken)).toEqual([]);
  });

  test('looks like a free one in everything that the caller can see', async () => {
    const seen = async (newEmail: string) => {
      const person = await newPerson();
      await ask(person, newEmail);
      const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, person.session.accessToken);
      await everythingIsSent(gateway.database);
      return JSON.stringify(exportMyData.data)
        .replaceAll(newEmail, '(new)')
        .replaceAll(person.email, '(own)')
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '(id)')
        .replace(/"addressHash":"[^"]*"/g, '(hash)')
        .replace(/"(state|sentAt)":[^,}]*/g, '');
    };
    expect(await seen(await createUser(gateway))).toBe(await seen(newAddress()));
  });

  test('invalidates the link requested before, as a free one does', async () => {
    for (const next of [newAddress(), await createUser(gateway)]) {
      const person = await newPerson();
      const token = await tokenForAddress(gateway, person.session, newAddress());
      await ask(person, next);
      expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
    }
  });

  test('beyond its mail limit looks like a free one, also to another caller', async () => {
    const counts: number[] = [];
    for (const target of [newAddress(), await createUser(gateway)]) {
      const spender = await newPerson();
      for (let mail = 0; mail < 3; mail += 1) await ask(spender, target);
      const asker = await newPerson();
      await ask(asker, target);
      counts.push((await takeAll(gateway, asker.email)).length);
    }
    expect(counts).toEqual([0, 0]);
  });

  test('that was taken after the link was sent is refused, and nothing changes', async () => {
    const [person, rival] = [await newPerson(), await newPerson()];
    const wanted = newAddress();
    const token = await tokenForAddress(gateway, person.session, wanted);
    await change(rival, wanted);
    expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
    expect([await addressOf(person), await addressOf(rival)]).toEqual([person.email, wanted]);

    const registered = newAddress();
    const late = await tokenForAddress(gateway, person.session, registered);
    await gateway.send(RegisterDocument, { input: { email: registered, password: goodPassword } });
    const verification = tokenIn(await gateway.mail.take(registered, 'Confirm your e-mail address'));
    await gateway.send(VerifyEmailDocument, { input: { token: verification } });
    expect(await codeOf(confirm(late))).toBe('INVALID_TOKEN');
    expect((await signIn(gateway, registered)).viewer.id).not.toBe(person.session.viewer.id);
  });
});

test('a pending registration of an address ends when an account takes the address', async () => {
  const person = await newPerson();
  const wanted = newAddress();
  await gateway.send(RegisterDocument, { input: { email: wanted, password: goodPassword } });
  const token = tokenIn(await gateway.mail.take(wanted, 'Confirm your e-mail address'));
  await confirm(await tokenForAddress(gateway, person.session, wanted), person.session);
  expect(await codeOf(gateway.send(VerifyEmailDocument, { input: { token } }))).toBe('INVALID_TOKEN');
  expect((await signIn(gateway, wanted)).viewer.id).toBe(person.session.viewer.id);
});

describe('“this was not me”', () => {
  test('before the confirmation stops it: sessions and link are revoked, and a reset arrives at the address', async () => {
    const person = await newPerson();
    const token = await tokenForAddress(gateway, person.session, newAddress());
    const warning = tokenIn(await gateway.mail.take(person.email, subjects.warning));
    expect((await disown(gateway, warning)).disownSession.revokedCount).toBe(1);
    expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
    expect(await codeOf(gateway.send(FullViewerDocument, {}, person.session.accessToken))).toBe('UNAUTHENTICATED');
    const reset = tokenIn(await gateway.mail.take(person.email, 'Reset your password'));
    expect(await codeOf(signIn(gateway, person.email))).toBe('INVALID_CREDENTIALS');
    await gateway.send(ResetPasswordDocument, { input: { token: reset, newPassword: nextPassword } });
    expect((await signIn(gateway, person.email, nextPassword)).viewer.email).toBe(person.email);
  });

  test.each([
    ['warning at the request', 'warning'],
    ['notice after the change', 'noticeToken'],
  ] as const)('after it restores the address with the link of the %s', async (_mail, link) => {
    const person = await newPerson();
    const attackerAddress = newAddress();
    const links = await change(person, attackerAddress);
    gateway.clock.travel(week - 1);
    await disown(gateway, links[link]);
    expect(await addressOf(person)).toBe(person.email);
    const token = tokenIn(await gateway.mail.take(person.email, 'Reset your password'));
    await gateway.send(ResetPasswordDocument, { input: { token, newPassword: nextPassword } });
    expect((await signIn(gateway, person.email, nextPassword)).viewer.id).toBe(person.session.viewer.id);
    expect(await codeOf(signIn(gateway, attackerAddress))).toBe('INVALID_CREDENTIALS');
    // The attacker's address is free at once.
    await change({ ...(await newPerson()) }, attackerAddress);
  });

  test('leaves the attacker no session, password or link', async () => {
    const person = await newPerson();
    const attackerAddress = newAddress();
    const { noticeToken } = await change(person, attackerAddress);
    const token = await resetToken(attackerAddress);
    await gateway.send(ResetPasswordDocument, { input: { token, newPassword: nextPassword } });
    const theirs = await signIn(gateway, attackerAddress, nextPassword);
    const another = await resetToken(attackerAddress);
    const further = await tokenForAddress(gateway, theirs, newAddress());

    await disown(gateway, noticeToken);
    expect(await codeOf(gateway.send(FullViewerDocument, {}, theirs.accessToken))).toBe('UNAUTHENTICATED');
    for (const password of [nextPassword, goodPassword])
      expect(await codeOf(signIn(gateway, person.email, password))).toBe('INVALID_CREDENTIALS');
    const reset = gateway.send(ResetPasswordDocument, { input: { token: another, newPassword: 'Ember 5 glacier' } });
    expect(await codeOf(reset)).toBe('INVALID_TOKEN');
    expect(await codeOf(confirm(further))).toBe('INVALID_TOKEN');
    // The password that the attacker knew is refused as a new password too.
    const own = tokenIn(await gateway.mail.take(person.email, 'Reset your password'));
    const again = gateway.send(ResetPasswordDocument, { input: { token: own, newPassword: nextPassword } });
    expect((await refusal(again)).extensions.fields).toMatchObject([{ code: 'REUSED' }]);
  });

  test('along a chain of changes restores the first owner, in any order of links', async () => {
    const person = await newPerson();
    const [b, c] = [newAddress(), newAddress()];
    const first = await change(person, b);
    gateway.clock.travel(hour);
    const at = { email: b, session: await signIn(gateway, b) };
    const second = await change(at, c);

    await disown(gateway, second.noticeToken);
    expect(await addressOf(person)).toBe(b);
    await disown(gateway, first.noticeToken);
    expect(await addressOf(person)).toBe(person.email);
    expect(await codeOf(disown(gateway, second.warning))).toBe('INVALID_TOKEN');
    expect(await addressOf(person)).toBe(person.email);
  });

  test('by the first owner invalidates the links of the later ones', async () => {
    const person = await newPerson();
    const [b, c] = [newAddress(), newAddress()];
    const first = await change(person, b);
    gateway.clock.travel(hour);
    const second = await change({ email: b, session: await signIn(gateway, b) }, c);
    await disown(gateway, first.warning);
    expect(await addressOf(person)).toBe(person.email);
    for (const token of [second.warning, second.noticeToken])
      expect(await codeOf(disown(gateway, token))).toBe('INVALID_TOKEN');
    expect(await addressOf(person)).toBe(person.email);
  });

  test('works once, and for a week', async () => {
    const person = await newPerson();
    const { warning, noticeToken } = await change(person, newAddress());
    gateway.clock.travel(week);
    for (const token of [warning, noticeToken]) expect(await codeOf(disown(gateway, token))).toBe('INVALID_TOKEN');
    const other = await newPerson();
    const again = await change(other, newAddress());
    await disown(gateway, again.noticeToken);
    gateway.clock.travel(61);
    expect(await codeOf(disown(gateway, again.noticeToken))).toBe('INVALID_TOKEN');
  });
});

describe('the old address', () => {
  test('is reserved for a week, and free for every user afterwards', async () => {
    const person = await newPerson();
    await change(person, newAddress());
    const rival = await newPerson();
    gateway.clock.travel(week - 1);
    const early = { ...rival, session: await signIn(gateway, rival.email) };
    await ask(early, person.email);
    await gateway.send(RegisterDocument, { input: { email: person.email, password: goodPassword } });
    await expect(invite(gateway, person.email)).rejects.toMatchObject({ code: 'EMAIL_TAKEN' });
    await everythingIsSent(gateway.database);
    const held = gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(person.email));
    expect(held.map(({ subject }) => subject)).toEqual(['You already have an account']);

    gateway.clock.travel(1);
    await change(early, person.email);
    expect(await addressOf(rival)).toBe(person.email);
  });

  test('can be restored by its owner at once', async () => {
    const person = await newPerson();
    const to = newAddress();
    await change(person, to);
    await change({ ...person, email: to }, person.email);
    expect(await addressOf(person)).toBe(person.email);
  });
});

describe('a requested change ends with', () => {
  const endings: [string, (person: Person) => Promise<unknown>][] = [
    [
      'a change of the password',
      ({ session }) =>
        gateway.send(
          ChangePasswordDocument,
          { input: { currentPassword: goodPassword, newPassword: nextPassword } },
          session.accessToken,
        ),
    ],
    [
      'a reset of the password',
      async ({ email }) => {
        const token = await resetToken(email);
        await gateway.send(ResetPasswordDocument, { input: { token, newPassword: nextPassword } });
      },
    ],
    [
      'a session that was disowned',
      async ({ email }) => {
        await gateway.post(
          {
            query: 'mutation { login(input: { email: "EMAIL", password: "PASSWORD" }) { __typename } }'
              .replace('EMAIL', email)
              .replace('PASSWORD', goodPassword),
          },
          { 'user-agent': 'Another browser' },
        );
        await disown(gateway, tokenIn(await gateway.mail.take(email, 'A new sign-in to your account')));
      },
    ],
    [
      'a suspension',
      ({ email }) => gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [email]),
    ],
  ];

  test.each(endings)('%s', async (_what, end) => {
    const person = await newPerson();
    const token = await tokenForAddress(gateway, person.session, newAddress());
    await end(person);
    expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
    expect(await addressOf(person)).toBe(person.email);
  });
});

describe('tokens that confirm nothing', () => {
  test.each(['', 'x', 'a'.repeat(43), 'a'.repeat(100), '%00', "' or 1=1 --"])('%j', async (token) => {
    expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
  });

  test('an expired one after an hour, and a used one', async () => {
    const person = await newPerson();
    const late = await tokenForAddress(gateway, person.session, newAddress());
    gateway.clock.travel(hour);
    expect(await codeOf(confirm(late))).toBe('INVALID_TOKEN');
    const other = await newPerson();
    const used = await tokenForAddress(gateway, other.session, newAddress());
    await confirm(used);
    gateway.clock.travel(61);
    expect(await codeOf(confirm(used))).toBe('INVALID_TOKEN');
  });

  test('those of other kinds, and this kind is invalid elsewhere', async () => {
    const person = await newPerson();
    const pending = newAddress();
    await gateway.send(RegisterDocument, { input: { email: pending, password: goodPassword } });
    const verification = tokenIn(await gateway.mail.take(pending, 'Confirm your e-mail address'));
    const reset = await resetToken(person.email);
    const invitation = await invite(gateway, newAddress());
    const token = await tokenForAddress(gateway, person.session, newAddress());
    const notMe = tokenIn(await gateway.mail.take(person.email, subjects.warning));
    const { refreshToken, accessToken } = person.session;
    for (const other of [verification, reset, invitation, notMe])
      expect(await codeOf(confirm(other))).toBe('INVALID_TOKEN');
    // Longer than any token of a mail.
    for (const other of [refreshToken, accessToken])
      expect(['INVALID_TOKEN', 'BAD_USER_INPUT']).toContain(await codeOf(confirm(other)));
    expect(await codeOf(disown(gateway, token))).toBe('INVALID_TOKEN');
    expect(await codeOf(gateway.send(VerifyEmailDocument, { input: { token } }))).toBe('INVALID_TOKEN');
    const newPassword = nextPassword;
    expect(await codeOf(gateway.send(ResetPasswordDocument, { input: { token, newPassword } }))).toBe('INVALID_TOKEN');
    await confirm(token);
  });
});
