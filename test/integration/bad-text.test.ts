/**
 * Text with hidden characters or too much length in every field that users fill in: refused by field, not echoed, not
 * stored.
 */
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import {
  BeginPasskeyRegistrationDocument,
  BeginTotpEnrollmentDocument,
  CreateRoleDocument,
  CreateUserDocument,
  DeleteUserDocument,
  FullConfirmPasskeyRegistrationDocument,
  FullLoginDocument,
  FullRenamePasskeyDocument,
  ReactivateUserDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResendVerificationEmailDocument,
  ResetUserMfaDocument,
  RestoreUserDocument,
  RevokeUserSessionsDocument,
  SendPasswordResetDocument,
  SetUserRoleDocument,
  SuspendUserDocument,
  UnlockUserDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { addPasskey, askRegistration } from '../support/people/passkeys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { SoftwareAuthenticator } from '../support/people/software-authenticator.ts';

let gateway: TestGateway;
let admin: SignedIn;
let userId: string;
let passkeyId: string;
let registration: Record<string, unknown>;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await signIn(gateway, await createUser(gateway));
  await gateway.database.query("update users set role_name = 'SUPER_ADMIN' where id = $1", [admin.viewer.id]);
  passkeyId = (await addPasskey(gateway, admin)).passkey.id;
  userId = (await signIn(gateway, await createUser(gateway))).viewer.id;
  registration = new SoftwareAuthenticator().register(await askRegistration(gateway, admin));
});
afterAll(() => gateway.stop());

/** Part of every text, so that an echo or a stored copy is found. */
const planted = 'planted';

const hidden = {
  'a bell': `${planted}\u0007`,
  NUL: `${planted}\u0000`,
  'an escape sequence': `${planted}\u001b[31m`,
  'a C1 control character': `${planted}\u0085x`,
  'a direction override': `${planted}\u202egnp.exe`,
  'a direction isolate': `${planted}\u2067x\u2069`,
  'a line separator': `${planted}\u2028x`,
};
const lineBreaks = { 'a line feed': `${planted}\nx`, 'a line break': `${planted}\r\nBcc: eve@example.com` };
/** Text without a visible or searchable character. */
const invisible = {
  'zero-width spaces': '\u200b\u200b',
  'combining marks': '\u0301\u0302\u0303',
  'a filler': '\u3164',
  'an empty Braille cell': '\u2800',
};
const tooLong = (units: number) => planted.padEnd(units, 'x');

interface Place {
  document: Parameters<typeof print>[0];
  field: string;
  input: (text: string) => object;
}

const place = (document: Place['document'], field: string, rest: () => object = () => ({})): Place => ({
  document,
  field,
  input: (text) => ({ ...rest(), [field]: text }),
});

const credentials = () => ({ email: newAddress(), password: goodPassword });
const named = {
  'displayName of register': place(RegisterDocument, 'displayName', credentials),
  'displayName of updateProfile': place(UpdateProfileDocument, 'displayName'),
  'displayName of createUser': place(CreateUserDocument, 'displayName', () => ({ email: newAddress(), role: 'USER' })),
  'deviceName of login': place(FullLoginDocument, 'deviceName', () => ({
    ...credentials(),
    email: admin.viewer.email,
  })),
  'accountName of beginTotpEnrollment': place(BeginTotpEnrollmentDocument, 'accountName'),
  'accountName of beginPasskeyRegistration': place(BeginPasskeyRegistrationDocument, 'accountName'),
  'name of confirmPasskeyRegistration': place(FullConfirmPasskeyRegistrationDocument, 'name', () => ({
    response: registration,
  })),
  'name of renamePasskey': place(FullRenamePasskeyDocument, 'name', () => ({ id: passkeyId })),
};
const reason = (document: Place['document'], rest: object = {}) =>
  place(document, 'reason', () => ({ userId, ...rest }));
const reasoned = {
  suspendUser: reason(SuspendUserDocument),
  reactivateUser: reason(ReactivateUserDocument),
  deleteUser: reason(DeleteUserDocument),
  restoreUser: reason(RestoreUserDocument),
  unlockUser: reason(UnlockUserDocument),
  resetUserMfa: reason(ResetUserMfaDocument),
  revokeUserSessions: reason(RevokeUserSessionsDocument),
  sendPasswordReset: reason(SendPasswordResetDocument),
  setUserRole: reason(SetUserRoleDocument, { role: 'GUEST' }),
};
const addressed = {
  'email of register': place(RegisterDocument, 'email', credentials),
  'email of login': place(FullLoginDocument, 'email', credentials),
  'email of createUser': place(CreateUserDocument, 'email', () => ({ role: 'USER' })),
  'email of resendVerificationEmail': place(ResendVerificationEmailDocument, 'email'),
  'email of requestPasswordReset': place(RequestPasswordResetDocument, 'email'),
  'newEmail of requestEmailChange': place(RequestEmailChangeDocument, 'newEmail'),
};
const localised = {
  'locale of register': place(RegisterDocument, 'locale', credentials),
  'locale of updateProfile': place(UpdateProfileDocument, 'locale'),
};
const roleName = { 'name of createRole': place(CreateRoleDocument, 'name', () => ({ rank: 1, permissions: [] })) };
const everywhere = { ...named, ...reasoned, ...addressed, ...localised, ...roleName };

function send({ document, input }: Place, text: string) {
  const body = { query: print(document), variables: { input: input(text) } };
  return answerOf(gateway.post(body, bearer(admin.accessToken)));
}

/** What the operations would change: the rows of users and roles, the counts of attempts and the mails. */
async function stored(): Promise<unknown> {
  const tables = ['users', 'registrations', 'roles', 'passkeys', 'totp_secrets', 'mail_tokens', 'passkey_challenges'];
  const counted = ['token_families', 'outbox_mails', 'attempt_counters'];
  const rows = tables.map((table) => `(select jsonb_agg(t order by t::text) from ${table} t) as ${table}`);
  const counts = counted.map((table) => `(select count(*) from ${table}) as ${table}`);
  const [row] = await gateway.database.query<object>(`select ${[...rows, ...counts].join(', ')}`);
  return row;
}

async function expectRefused(at: Place, text: string, code: string): Promise<void> {
  const before = await stored();
  const answer = await send(at, text);
  expect(errorOf(answer).extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: `input.${at.field}`, code }],
  });
  expect(answer.text).not.toContain(planted);
  expect(answer.text).not.toContain(text);
  expect(await stored()).toEqual(before);
}

describe.each(Object.entries(named))('%s', (_place, at) => {
  test.each(Object.entries({ ...hidden, ...lineBreaks, ...invisible }))('refuses %s', async (_what, text) => {
    await expectRefused(at, text, 'INVALID_CHARACTERS');
  });

  test.each([101, 513])('refuses %i characters', async (units) => {
    await expectRefused(at, tooLong(units), 'TOO_LONG');
  });
});

describe('the reason of suspendUser', () => {
  test.each(Object.entries({ ...hidden, ...invisible }))('refuses %s', async (_what, text) => {
    await expectRefused(reasoned.suspendUser, text, 'INVALID_CHARACTERS');
  });

  test.each([501, 1001])('refuses %i characters', async (units) => {
    await expectRefused(reasoned.suspendUser, tooLong(units), 'TOO_LONG');
  });
});

test.each(Object.entries(reasoned))('the reason of %s refuses text that hides something', async (_name, at) => {
  await expectRefused(at, hidden['a direction override'], 'INVALID_CHARACTERS');
  await expectRefused(at, invisible['zero-width spaces'], 'INVALID_CHARACTERS');
});

describe.each(Object.entries(addressed))('%s', (_place, at) => {
  test.each(
    Object.entries({ ...hidden, ...lineBreaks, ...invisible, 'only spaces': '   ', '400 characters': tooLong(400) }),
  )('refuses %s', async (_what, text) => {
    await expectRefused(at, `${text}@example.com`, 'INVALID_EMAIL');
  });

  test('refuses 600 characters', async () => {
    await expectRefused(at, `${tooLong(600)}@example.com`, 'TOO_LONG');
  });
});

describe.each(Object.entries(localised))('%s', (_place, at) => {
  test.each(
    Object.entries({ ...hidden, ...lineBreaks, ...invisible, 'only spaces': '   ', '129 characters': tooLong(129) }),
  )('refuses %s', async (_what, text) => {
    await expectRefused(at, text, 'INVALID');
  });
});

describe.each(Object.entries(roleName))('%s', (_place, at) => {
  test.each(Object.entries({ ...hidden, ...lineBreaks, ...invisible, 'only spaces': '   ' }))(
    'refuses %s',
    async (_what, text) => {
      await expectRefused(at, text, 'INVALID');
    },
  );
});

test.each(Object.entries(everywhere))('half a surrogate pair in %s refuses the request', async (_place, at) => {
  const before = await stored();
  const answer = await send(at, `${planted}\ud83d`);
  expect({ status: answer.status, code: errorOf(answer).extensions.code }).toEqual({
    status: 400,
    code: 'BAD_REQUEST',
  });
  expect(answer.text).not.toContain(planted);
  expect(await stored()).toEqual(before);
});

test('only spaces are stored as no name and no reason', async () => {
  const rest = { ...credentials(), displayName: ' \u00a0 ' };
  expect(
    (
      await send(
        place(RegisterDocument, 'displayName', () => rest),
        '  \t ',
      )
    ).errors,
  ).toEqual([]);
  expect((await send(place(UpdateProfileDocument, 'displayName'), '  \t ')).errors).toEqual([]);
  expect(
    (
      await send(
        place(UnlockUserDocument, 'reason', () => ({ userId })),
        '  \n ',
      )
    ).errors,
  ).toEqual([]);
  const texts = 'select display_name as text from users union all select reason from audit_entries';
  const rows = await gateway.database.query<{ text: string | null }>(texts);
  expect(rows.filter(({ text }) => text !== null)).toEqual([]);
  await expectRefused(named['name of renamePasskey'], '  \t ', 'REQUIRED');
});

test('the audit trail and the log hold nothing of these texts', async () => {
  const found = await gateway.database.query("select action from audit_entries e where e::text like '%planted%'");
  expect(found).toEqual([]);
  expect(gateway.logs.filter((line) => line.includes(planted))).toEqual([]);
});
