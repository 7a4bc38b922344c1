/** Passkeys of an account: registration, list, removal, their effects on the account, and refusals. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { goodPassword, refusal, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginPasskeyRegistrationDocument,
  BeginTotpEnrollmentDocument,
  ChangePasswordDocument,
  ConfirmTotpEnrollmentDocument,
  CountUsersDocument,
  DeleteAccountDocument,
  DisableTotpDocument,
  ExportMyDataDocument,
  FullConfirmPasskeyRegistrationDocument,
  FullPasskeysDocument,
  FullReauthenticateDocument,
  FullRemovePasskeyDocument,
  FullRenamePasskeyDocument,
  LogoutDocument,
  ManagedUserDocument,
  RegenerateBackupCodesDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  ResetUserMfaDocument,
  RestoreUserDocument,
  SecurityOverviewDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer, challenge, codeAt, type Enrolled, enrol, periodSeconds } from '../support/people/authenticator.ts';
import {
  addPasskey,
  askLogin,
  askRegistration,
  confirmRegistration,
  finishLogin,
  passkeyUser,
  signInByPasskey,
} from '../support/people/passkeys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { type Overrides, SoftwareAuthenticator } from '../support/people/software-authenticator.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';

type Session = Pick<SignedIn, 'accessToken'>;

const androidApp = 'android:apk-key-hash:-sYXRdwJA3hvue3mKpYrOZ9zSPC7b4mbgzJmdZEDO5w';
const reauthWindowSeconds = 10 * 60;
const challengeSeconds = 5 * 60;

/** A second gateway that requires a second factor of administrators. */
const gateway = useGateway();
const strict = useGateway({ MFA_REQUIRED_FOR: 'SUPER_ADMIN,ADMIN', PASSKEY_ORIGINS: androidApp }, gateway);

const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const newSession = async () => signIn(gateway, await createUser(gateway));
const viewerOf = async ({ accessToken }: Session) => (await gateway.send(FullPasskeysDocument, {}, accessToken)).viewer;
const remove = async ({ accessToken }: Session, id: string) =>
  (await gateway.send(FullRemovePasskeyDocument, { input: { id } }, accessToken)).removePasskey.viewer;
const beginApp = async ({ accessToken }: Session) =>
  (await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken)).beginTotpEnrollment;

async function addApp(session: Session): Promise<{ secret: string; backupCodes: string[] }> {
  const { secret } = await beginApp(session);
  const input = { code: codeAt(secret, gateway.clock.now()) };
  const { confirmTotpEnrollment } = await gateway.send(ConfirmTotpEnrollmentDocument, { input }, session.accessToken);
  gateway.clock.travel(periodSeconds);
  return { secret, ...confirmTotpEnrollment };
}

async function auditedFor({ viewer }: SignedIn, action: string) {
  return (await auditTrail(gateway.database, action)).filter(({ targetId }) => targetId === viewer.id);
}

async function reasonsFor(session: SignedIn): Promise<unknown[]> {
  return (await auditedFor(session, 'passkey.refused')).map(({ details }) => details);
}

async function userRow({ viewer }: SignedIn) {
  const text = 'select mfa_enabled_at as "mfaEnabledAt" from users where id = $1';
  return (await gateway.database.query<{ mfaEnabledAt: Date | null }>(text, [viewer.id]))[0];
}

async function setRole({ viewer }: SignedIn, role: string): Promise<void> {
  await gateway.database.query('update users set role_name = $1 where id = $2', [role, viewer.id]);
}

describe('the origins of passkeys', () => {
  test('admit a native app where its origin is configured, and only there', async () => {
    const session = await newSession();
    const overrides = { origin: androidApp };
    expect(await codeOf(addPasskey(gateway, session, new SoftwareAuthenticator(), overrides))).toBe('INVALID_MFA_CODE');
    const { key } = await addPasskey(strict, session, new SoftwareAuthenticator(), overrides);
    expect((await signInByPasskey(strict, key, overrides)).session.assurance).toBe('AAL2');
    expect(await codeOf(signInByPasskey(gateway, key, overrides))).toBe('INVALID_CREDENTIALS');
    const similar = { origin: `${androidApp}x` };
    expect(await codeOf(signInByPasskey(strict, key, similar))).toBe('INVALID_CREDENTIALS');
  });

  test('cause a warning at the start when they cannot use passkeys', () => {
    const warning = gateway.logs.find((line) => line.includes('PASSKEY_RP_ID'));
    expect(warning).toContain('https://auth.example.com');
  });
});

describe('passkey registration', () => {
  test('returns options for this site and this account, and their expiry', async () => {
    const session = await newSession();
    const { beginPasskeyRegistration } = await gateway.send(
      BeginPasskeyRegistrationDocument,
      { input: { accountName: 'Ada at work' } },
      session.accessToken,
    );
    const { options, expiresAt } = beginPasskeyRegistration;
    expect(options).toMatchObject({
      rp: { id: 'app.example.com', name: 'Postern' },
      user: { id: Buffer.from(session.viewer.id).toString('base64url'), name: 'Ada at work' },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      attestation: 'none',
      timeout: challengeSeconds * 1000,
      excludeCredentials: [],
    });
    expect(new Date(expiresAt).getTime() - gateway.clock.now().getTime()).toBe(challengeSeconds * 1000);
    expect(await askRegistration(gateway, session)).toMatchObject({ user: { name: session.viewer.email } });
  });

  test('excludes the existing passkeys, so that no authenticator registers twice', async () => {
    const { session, key } = await passkeyUser(gateway);
    const id = key.credentialId.toString('base64url');
    expect(await askRegistration(gateway, session)).toMatchObject({
      excludeCredentials: [{ id, type: 'public-key', transports: ['hybrid', 'internal'] }],
    });
  });

  test('stores only the SHA-256 of the challenge', async () => {
    const session = await newSession();
    const { challenge: asked } = await askRegistration(gateway, session);
    const rows = await gateway.database.query<{ hash: Buffer }>(
      'select challenge_hash as hash from passkey_challenges where bound_to = $1',
      [session.session.id],
    );
    expect(rows).toEqual([{ hash: createHash('sha256').update(String(asked)).digest() }]);
  });

  test('returns the passkey, ten backup codes, a session of AAL2 and a mail; the current access token stays valid', async () => {
    const session = await newSession();
    const { passkey, backupCodes } = await addPasskey(gateway, session);
    expect(passkey).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name: 'Key ring',
      createdAt: gateway.clock.now().toISOString(),
      lastUsedAt: null,
      backedUp: false,
      aloneFrom: null,
    });
    expect(new Set(backupCodes).size).toBe(10);
    expect(await viewerOf(session)).toEqual({
      id: session.viewer.id,
      mfa: { enabled: true, methods: ['PASSKEY', 'BACKUP_CODE'], backupCodesRemaining: 10, required: false },
      passkeys: [passkey],
    });
    const [family] = await gateway.database.query('select assurance, methods from token_families where id = $1', [
      session.session.id,
    ]);
    expect(family).toEqual({ assurance: 'AAL2', methods: ['PASSWORD', 'PASSKEY'] });
    const [entry] = await auditedFor(session, 'mfa.enabled');
    expect(entry).toMatchObject({ actorId: session.viewer.id, details: { method: 'PASSKEY', passkeyId: passkey.id } });
    expect((await gateway.mail.take(session.viewer.email, 'A second factor was added')).text).toContain('A passkey');
  });

  test('creates no further backup codes for a user that has some', async () => {
    const { session, backupCodes } = await passkeyUser(gateway);
    expect(backupCodes).toHaveLength(10);
    expect((await addPasskey(gateway, session)).backupCodes).toBeNull();
    expect((await viewerOf(session))?.mfa.backupCodesRemaining).toBe(10);
  });

  test('accepts an old security key without user verification', async () => {
    const session = await newSession();
    const { passkey } = await addPasskey(gateway, session, new SoftwareAuthenticator(1), { userVerified: false });
    expect((await viewerOf(session))?.passkeys).toEqual([passkey]);
  });

  test.each<[string, NonNullable<Overrides['attestation']>]>([
    ['of an unknown kind', { fmt: 'something', attStmt: new Map() }],
    ['with certificates', { fmt: 'packed', attStmt: new Map([['x5c', [randomBytes(300)]]]) }],
    ['that is a list', { fmt: 'fido-u2f', attStmt: [] }],
  ])('ignores every attestation, also one %s', async (_what, attestation) => {
    const session = await newSession();
    await addPasskey(gateway, session, new SoftwareAuthenticator(), { attestation });
    expect((await viewerOf(session))?.mfa.enabled).toBe(true);
  });

  test('keeps the name without surrounding blanks', async () => {
    const session = await newSession();
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    const { passkey } = await confirmRegistration(gateway, session, response, '  Schlüsselbund <b>№ 1</b> ');
    expect(passkey.name).toBe('Schlüsselbund <b>№ 1</b>');
  });

  test.each([
    ['', 'REQUIRED'],
    ['   ', 'REQUIRED'],
    ['a\u202eb', 'INVALID_CHARACTERS'],
    ['a\r\nBcc: b', 'INVALID_CHARACTERS'],
    ['x'.repeat(101), 'TOO_LONG'],
  ])('refuses the name %j, and accepts the same response with another', async (name, code) => {
    const session = await newSession();
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    expect(await refusal(confirmRegistration(gateway, session, response, name))).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: 'input.name', code }] },
    });
    await confirmRegistration(gateway, session, response);
  });

  test('stops at ten: the eleventh is refused at the start, and at the end', async () => {
    const { session } = await passkeyUser(gateway);
    const late = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    for (let count = 1; count < 10; count += 1) await addPasskey(gateway, session);
    expect(await codeOf(askRegistration(gateway, session))).toBe('CONFLICT');
    expect(await codeOf(confirmRegistration(gateway, session, late))).toBe('CONFLICT');
    const passkeys = (await viewerOf(session))?.passkeys ?? [];
    expect(passkeys).toHaveLength(10);
    expect(passkeys.map(({ id }) => id)).toEqual(passkeys.map(({ id }) => id).toSorted());
    await remove(session, passkeys[4]?.id ?? '');
    await addPasskey(gateway, session);
  });
});

describe('a registration response is refused without a change', () => {
  const overrides: [string, Overrides][] = [
    ['of a page of another site', { origin: 'https://app.example.com.evil.example' }],
    ['of a page without TLS', { origin: 'http://app.example.com' }],
    ['of another port', { origin: 'https://app.example.com:8443' }],
    ['of a subdomain that is not listed', { origin: 'https://evil.app.example.com' }],
    ['of the gateway’s own host, which is not in the site', { origin: 'https://auth.example.com' }],
    ['for another site', { rpId: 'example.com' }],
    ['of a page in a foreign frame', { crossOrigin: true }],
    ['that was made for signing in', { type: 'webauthn.get' }],
    ['of an authenticator that no user touched', { userPresent: false }],
    ['to a challenge that was never issued', { challenge: randomBytes(32).toString('base64url') }],
    ['to a challenge that is none', { challenge: 'x' }],
    ['with a name that is too long', { credentialId: randomBytes(1024) }],
    ['without a name', { credentialId: Buffer.alloc(0) }],
  ];

  test.each(overrides)('%s', async (_what, override) => {
    const session = await newSession();
    expect(await codeOf(addPasskey(gateway, session, new SoftwareAuthenticator(), override))).toBe('INVALID_MFA_CODE');
    expect(await viewerOf(session)).toMatchObject({ mfa: { enabled: false }, passkeys: [] });
    expect(await reasonsFor(session)).toEqual([{ during: 'registration', reason: expect.any(String) }]);
  });

  test('that is sent twice', async () => {
    const session = await newSession();
    const key = new SoftwareAuthenticator();
    const response = key.register(await askRegistration(gateway, session));
    await confirmRegistration(gateway, session, response);
    expect(await codeOf(confirmRegistration(gateway, session, response))).toBe('INVALID_MFA_CODE');
    expect(await reasonsFor(session)).toEqual([{ during: 'registration', reason: 'unknown_challenge' }]);
  });

  test('that arrives too late', async () => {
    const session = await newSession();
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    gateway.clock.travel(challengeSeconds);
    expect(await codeOf(confirmRegistration(gateway, session, response))).toBe('INVALID_MFA_CODE');
  });

  test('for a challenge of another session of the same user', async () => {
    const email = await createUser(gateway);
    const [one, other] = [await signIn(gateway, email), await signIn(gateway, email)];
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, one));
    expect(await codeOf(confirmRegistration(gateway, other, response))).toBe('INVALID_MFA_CODE');
    await confirmRegistration(gateway, one, response);
  });

  test('for a challenge of another user', async () => {
    const [one, other] = [await newSession(), await newSession()];
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, one));
    expect(await codeOf(confirmRegistration(gateway, other, response))).toBe('INVALID_MFA_CODE');
  });

  test('for a challenge of a sign-in', async () => {
    const session = await newSession();
    const { challenge: asked } = await askLogin(gateway);
    const override = { challenge: String(asked) };
    expect(await codeOf(addPasskey(gateway, session, new SoftwareAuthenticator(), override))).toBe('INVALID_MFA_CODE');
  });

  test('with a passkey that is registered already, by any user', async () => {
    const { session, key } = await passkeyUser(gateway);
    expect(await codeOf(addPasskey(gateway, session, key))).toBe('MFA_ALREADY_ENABLED');
    const stranger = await newSession();
    const copy = new SoftwareAuthenticator();
    const override = { credentialId: key.credentialId };
    expect(await codeOf(addPasskey(gateway, stranger, copy, override))).toBe('MFA_ALREADY_ENABLED');
    expect(await viewerOf(stranger)).toMatchObject({ mfa: { enabled: false }, passkeys: [] });
  });

  test('of a session revoked meanwhile', async () => {
    const session = await newSession();
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    // The effect of a password change that commits while the response waits.
    const text = `with ended as (update token_families set revoked_at = created_at, revoked_reason = 'password_changed'
                                 where id = $1 returning user_id)
                  select from users where id = (select user_id from ended) for update`;
    const line = { text, values: [session.session.id], waiting: 1 };
    const code = await raceBehindLock(gateway.database, line, () =>
      codeOf(confirmRegistration(gateway, session, response)),
    );
    expect(code).toBe('UNAUTHENTICATED');
    expect((await userRow(session))?.mfaEnabledAt).toBeNull();
  });
});

describe('registration is refused', () => {
  test('without a session', async () => {
    expect(await codeOf(gateway.send(BeginPasskeyRegistrationDocument, { input: {} }))).toBe('UNAUTHENTICATED');
    const input = { response: {}, name: 'x' };
    expect(await codeOf(gateway.send(FullConfirmPasskeyRegistrationDocument, { input }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(gateway.send(FullRemovePasskeyDocument, { input: { id: 'x' } }))).toBe('UNAUTHENTICATED');
  });

  test('without recent authentication', async () => {
    const session = await newSession();
    gateway.clock.travel(reauthWindowSeconds + 1);
    expect(await codeOf(askRegistration(gateway, session))).toBe('REAUTHENTICATION_REQUIRED');
    const input = { password: goodPassword };
    const { reauthenticate } = await gateway.send(FullReauthenticateDocument, { input }, session.accessToken);
    await addPasskey(gateway, reauthenticate);
  });

  test('with the password alone when there is a second factor', async () => {
    const email = await createUser(gateway);
    const [before, other] = [await signIn(gateway, email), await signIn(gateway, email)];
    const begun = new SoftwareAuthenticator().register(await askRegistration(gateway, before));
    await addPasskey(gateway, other);
    // The first factor revokes the other sessions.
    expect(await codeOf(askRegistration(gateway, before))).toBe('UNAUTHENTICATED');
    expect(await codeOf(confirmRegistration(gateway, before, begun))).toBe('UNAUTHENTICATED');
    expect((await viewerOf(other))?.passkeys).toHaveLength(1);
  });

  test('for a GUEST', async () => {
    const session = await newSession();
    await setRole(session, 'GUEST');
    expect(await codeOf(askRegistration(gateway, session))).toBe('FORBIDDEN');
    expect(await codeOf(viewerOf(session))).toBe('FORBIDDEN');
  });

  test('not for a role that requires a second factor, which the registration satisfies', async () => {
    const session = await newSession();
    await setRole(session, 'ADMIN');
    const administer = () => strict.send(CountUsersDocument, {}, session.accessToken);
    expect(await codeOf(administer())).toBe('MFA_ENROLLMENT_REQUIRED');
    const { passkey, key } = await addPasskey(strict, session);
    expect((await administer()).users.totalCount).toBeGreaterThan(0);
    const alone = await signInByPasskey(strict, key);
    await strict.send(CountUsersDocument, {}, alone.accessToken);
    await strict.send(FullRemovePasskeyDocument, { input: { id: passkey.id } }, session.accessToken);
    expect(await codeOf(administer())).toBe('MFA_ENROLLMENT_REQUIRED');
  });
});

describe('renaming a passkey', () => {
  const rename = async ({ accessToken }: Session, id: string, name: string) =>
    (await gateway.send(FullRenamePasskeyDocument, { input: { id, name } }, accessToken)).renamePasskey.passkey;

  test('changes its name and records it', async () => {
    const { session, passkeyId } = await passkeyUser(gateway);
    expect(await rename(session, passkeyId, '  Office key ')).toMatchObject({ id: passkeyId, name: 'Office key' });
    expect((await viewerOf(session))?.passkeys).toMatchObject([{ id: passkeyId, name: 'Office key' }]);
    const [entry] = await auditedFor(session, 'passkey.renamed');
    expect(entry).toMatchObject({ actorId: session.viewer.id, details: { passkeyId } });
  });

  test.each(['', '   ', 'x'.repeat(101), 'a\u202eb'])('rejects the name %j', async (name) => {
    const { session, passkeyId } = await passkeyUser(gateway);
    expect((await refusal(rename(session, passkeyId, name))).extensions.fields).toMatchObject([{ path: 'input.name' }]);
  });

  test('rejects passkeys of other users and unknown ids', async () => {
    const { passkeyId } = await passkeyUser(gateway);
    const { session } = await passkeyUser(gateway);
    expect(await codeOf(rename(session, passkeyId, 'Mine'))).toBe('NOT_FOUND');
    expect(await codeOf(rename(session, 'x', 'Mine'))).toBe('NOT_FOUND');
  });

  test('requires recent authentication', async () => {
    const { session, passkeyId } = await passkeyUser(gateway);
    gateway.clock.travel(reauthWindowSeconds + 1);
    expect(await codeOf(rename(session, passkeyId, 'Late'))).toBe('REAUTHENTICATION_REQUIRED');
  });
});

describe('passkey removal', () => {
  test('ends the second step with the last one, and the backup codes; it signs in no more', async () => {
    const { email, session, passkeyId, key, backupCodes } = await passkeyUser(gateway);
    const { ticket } = await challenge(gateway, email);
    const asked = await askLogin(gateway, ticket);
    expect(await remove(session, passkeyId)).toEqual({
      id: session.viewer.id,
      mfa: { enabled: false, methods: [], backupCodesRemaining: 0, required: false },
      passkeys: [],
    });
    expect((await userRow(session))?.mfaEnabledAt).toBeNull();
    expect(await codeOf(answer(gateway, ticket, backupCodes[0] ?? '', 'BACKUP_CODE'))).toBe('INVALID_MFA_TICKET');
    expect(await codeOf(finishLogin(gateway, key.sign(asked), { ticket }))).toBe('INVALID_MFA_TICKET');
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
    expect((await signIn(gateway, email)).session.assurance).toBe('AAL1');
    const [entry] = await auditedFor(session, 'mfa.disabled');
    expect(entry).toMatchObject({ actorId: session.viewer.id, details: { method: 'PASSKEY', passkeyId } });
    expect((await gateway.mail.take(email, 'A second factor was removed')).text).toContain('A passkey');
  });

  test('keeps the others, the second step and the backup codes', async () => {
    const { email, session, passkeyId, key } = await passkeyUser(gateway);
    const { passkey, key: second } = await addPasskey(gateway, session);
    expect(await remove(session, passkeyId)).toMatchObject({
      mfa: { enabled: true, methods: ['PASSKEY', 'BACKUP_CODE'], backupCodesRemaining: 10 },
      passkeys: [{ id: passkey.id }],
    });
    expect((await challenge(gateway, email)).methods).toEqual(['PASSKEY', 'BACKUP_CODE']);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
    await signInByPasskey(gateway, second);
  });

  test('frees the authenticator for another registration', async () => {
    const { session, passkeyId, key } = await passkeyUser(gateway);
    await remove(session, passkeyId);
    expect((await addPasskey(gateway, session, key)).backupCodes).toHaveLength(10);
    await signInByPasskey(gateway, key);
  });

  test('finds only passkeys of the caller', async () => {
    const [one, other] = [await passkeyUser(gateway), await passkeyUser(gateway)];
    for (const id of [other.passkeyId, '00000000-0000-7000-8000-000000000000', '', 'x', "' or true --", '\u0000']) {
      expect(await codeOf(remove(one.session, id))).toBe('NOT_FOUND');
    }
    expect((await viewerOf(other.session))?.passkeys).toHaveLength(1);
    await signInByPasskey(gateway, other.key);
  });

  test('needs recent authentication, and a session with the factor', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    const { passkey, key } = await addPasskey(gateway, session);
    const unproven = await unprovenSession(session, key);
    expect(await codeOf(remove(unproven, passkey.id))).toBe('REAUTHENTICATION_REQUIRED');
    gateway.clock.travel(reauthWindowSeconds + 1);
    expect(await codeOf(remove(session, passkey.id))).toBe('REAUTHENTICATION_REQUIRED');
    await remove(await signInByPasskey(gateway, key), passkey.id);
  });
});

/** A session whose factor was removed: the user has another factor that this session has not proven. */
async function unprovenSession(owner: SignedIn, key: SoftwareAuthenticator): Promise<SignedIn> {
  const spare = await addPasskey(gateway, owner);
  const { ticket } = await challenge(gateway, owner.viewer.email);
  const session = await signInByPasskey(gateway, spare.key, { ticket });
  await remove(await signInByPasskey(gateway, key), spare.passkey.id);
  return session;
}

describe('a passkey beside a TOTP secret', () => {
  /** A user with both factors. */
  async function both(): Promise<Enrolled & { key: SoftwareAuthenticator; passkeyId: string }> {
    const user = await enrol(gateway);
    const { passkey, key, backupCodes } = await addPasskey(gateway, user.session);
    expect(backupCodes).toBeNull();
    return { ...user, key, passkeyId: passkey.id };
  }

  test('is one of two methods, and the first in the list', async () => {
    const user = await both();
    const { methods, ticket } = await challenge(gateway, user.email);
    expect(methods).toEqual(['PASSKEY', 'TOTP', 'BACKUP_CODE']);
    await answer(gateway, ticket, user.code());
    const { ticket: next } = await challenge(gateway, user.email);
    await signInByPasskey(gateway, user.key, { ticket: next });
  });

  test('keeps the second step and the backup codes when the TOTP secret is removed', async () => {
    const user = await both();
    const input = { code: user.code() };
    const { disableTotp } = await gateway.send(DisableTotpDocument, { input }, user.session.accessToken);
    expect(disableTotp.viewer.mfa).toMatchObject({ enabled: true, methods: ['PASSKEY', 'BACKUP_CODE'] });
    const { ticket, methods } = await challenge(gateway, user.email);
    expect(methods).toEqual(['PASSKEY', 'BACKUP_CODE']);
    expect(await codeOf(answer(gateway, ticket, user.code(1)))).toBe('INVALID_MFA_CODE');
    await answer(gateway, ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE');
  });

  test('keeps the TOTP secret when it is removed itself', async () => {
    const user = await both();
    expect((await remove(user.session, user.passkeyId)).mfa).toMatchObject({
      enabled: true,
      methods: ['TOTP', 'BACKUP_CODE'],
    });
    await answer(gateway, (await challenge(gateway, user.email)).ticket, user.code());
  });

  test('shares new backup codes with the TOTP secret, which replace the earlier ones', async () => {
    const { email, session, backupCodes: old } = await passkeyUser(gateway);
    const { backupCodes } = await addApp(session);
    const { ticket } = await challenge(gateway, email);
    expect(await codeOf(answer(gateway, ticket, old[0] ?? '', 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
    await answer(gateway, ticket, backupCodes[0] ?? '', 'BACKUP_CODE');
    expect((await viewerOf(session))?.mfa.backupCodesRemaining).toBe(9);
  });

  test('permits TOTP enrolment in a session that used it only', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    const { key } = await addPasskey(gateway, session);
    expect(await codeOf(beginApp(await unprovenSession(session, key)))).toBe('REAUTHENTICATION_REQUIRED');
    await addApp(await signInByPasskey(gateway, key));
  });
});

describe('a passkey alone', () => {
  test('is not a TOTP secret: it cannot be removed as one, and a code does not raise a session', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    const { key, backupCodes } = await addPasskey(gateway, session);
    const before = await unprovenSession(session, key);
    const prove = (input: { code?: string; password?: string }) =>
      gateway.send(FullReauthenticateDocument, { input }, before.accessToken);
    expect(await codeOf(gateway.send(DisableTotpDocument, { input: { code: '123456' } }, session.accessToken))).toBe(
      'MFA_NOT_ENABLED',
    );
    expect(await codeOf(prove({ code: '123456' }))).toBe('INVALID_MFA_CODE');
    expect((await prove({ password: goodPassword })).reauthenticate.session.assurance).toBe('AAL1');
    const { reauthenticate } = await prove({ code: backupCodes?.[0] ?? '' });
    expect(reauthenticate.session).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'BACKUP_CODE'] });
    await addPasskey(gateway, reauthenticate);
  });

  test('has backup codes that one of them can replace', async () => {
    const { session, backupCodes } = await passkeyUser(gateway);
    const input = { code: backupCodes[0] ?? '' };
    const { accessToken } = session;
    const { regenerateBackupCodes } = await gateway.send(RegenerateBackupCodesDocument, { input }, accessToken);
    expect(regenerateBackupCodes.backupCodes).toHaveLength(10);
    expect(await codeOf(gateway.send(RegenerateBackupCodesDocument, { input }, accessToken))).toBe('INVALID_MFA_CODE');
  });

  test('gives ten codes again with another passkey, after all are used', async () => {
    const { session } = await passkeyUser(gateway);
    await gateway.database.query('update backup_codes set used_at = created_at where user_id = $1', [
      session.viewer.id,
    ]);
    expect((await viewerOf(session))?.mfa).toMatchObject({ enabled: true, methods: ['PASSKEY'] });
    expect((await addPasskey(gateway, session)).backupCodes).toHaveLength(10);
    expect((await viewerOf(session))?.mfa.backupCodesRemaining).toBe(10);
  });
});

describe('a change of the account', () => {
  test('by a reset still requires the second step', async () => {
    const { email, key } = await passkeyUser(gateway);
    await gateway.send(RequestPasswordResetDocument, { input: { email } });
    const token = tokenIn(await gateway.mail.take(email, 'Reset your password'));
    const newPassword = 'Marble 8 galaxies';
    await gateway.send(ResetPasswordDocument, { input: { token, newPassword } });
    const { ticket, methods } = await challenge(gateway, email, { password: newPassword });
    expect(methods).toEqual(['PASSKEY', 'BACKUP_CODE']);
    expect((await signInByPasskey(gateway, key, { ticket })).session.assurance).toBe('AAL2');
  });

  test('of the password invalidates the challenges of other sessions', async () => {
    const { email, session, key } = await passkeyUser(gateway);
    const { ticket } = await challenge(gateway, email);
    const response = key.sign(await askLogin(gateway, ticket));
    const input = { currentPassword: goodPassword, newPassword: 'Marble 8 galaxies' };
    await gateway.send(ChangePasswordDocument, { input }, session.accessToken);
    expect(await codeOf(finishLogin(gateway, response, { ticket }))).toBe('INVALID_MFA_TICKET');
  });

  test('by sign-out invalidates the challenges of the session', async () => {
    const session = await newSession();
    const response = new SoftwareAuthenticator().register(await askRegistration(gateway, session));
    await gateway.send(LogoutDocument, { input: {} }, session.accessToken);
    expect(await codeOf(confirmRegistration(gateway, session, response))).toBe('UNAUTHENTICATED');
  });

  test('by an administrator finds the user by passkey, and removes all passkeys with the second step', async () => {
    const admin = await newSession();
    await setRole(admin, 'SUPER_ADMIN');
    const { email, session, key } = await passkeyUser(gateway);
    const { key: second } = await addPasskey(gateway, session);
    const { user } = await gateway.send(ManagedUserDocument, { id: session.viewer.id }, admin.accessToken);
    expect(user?.mfa).toMatchObject({ enabled: true, methods: ['PASSKEY', 'BACKUP_CODE'] });
    const found = async (mfaEnabled: boolean) =>
      (await gateway.send(CountUsersDocument, { where: { email, mfaEnabled } }, admin.accessToken)).users.totalCount;
    expect([await found(true), await found(false)]).toEqual([1, 0]);
    const input = { userId: session.viewer.id };
    const { resetUserMfa } = await gateway.send(ResetUserMfaDocument, { input }, admin.accessToken);
    expect(resetUserMfa.user.mfa).toEqual({ enabled: false, methods: [], backupCodesRemaining: 0, required: false });
    expect([await found(true), await found(false)]).toEqual([0, 1]);
    for (const gone of [key, second]) expect(await codeOf(signInByPasskey(gateway, gone))).toBe('INVALID_CREDENTIALS');
    expect(await viewerOf(await signIn(gateway, email))).toMatchObject({ mfa: { enabled: false }, passkeys: [] });
  });

  test('counts it among the second factors in the overview', async () => {
    const admin = await newSession();
    await setRole(admin, 'SUPER_ADMIN');
    const mfaTotals = async () =>
      (await gateway.send(SecurityOverviewDocument, {}, admin.accessToken)).securityOverview.mfa;
    const before = await mfaTotals();
    await passkeyUser(gateway);
    expect((await mfaTotals()).enabled).toBe(before.enabled + 1);
  });

  test('is exported with the stored data of each key', async () => {
    const { session, key } = await passkeyUser(gateway);
    const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, session.accessToken);
    const [passkey] = (await viewerOf(session))?.passkeys ?? [];
    const credentialId = key.credentialId.toString('base64url');
    expect(exportMyData.data).toMatchObject({ secondFactors: { passkeys: [{ ...passkey, credentialId }] } });
  });

  test('by deletion disables them at once, and a restore enables them again', async () => {
    const admin = await newSession();
    await setRole(admin, 'SUPER_ADMIN');
    const { session, key } = await passkeyUser(gateway);
    await gateway.send(DeleteAccountDocument, { input: { password: goodPassword } }, session.accessToken);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
    const { restoreUser } = await gateway.send(
      RestoreUserDocument,
      { input: { userId: session.viewer.id } },
      admin.accessToken,
    );
    expect(restoreUser.user.mfa.methods).toContain('PASSKEY');
    await signInByPasskey(gateway, key);
  });
});
