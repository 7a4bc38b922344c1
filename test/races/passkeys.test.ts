/** Parallel use of passkeys: a challenge works once, the limit of ten holds, and of two copies one signs in. */
import { expect, test } from 'vitest';
import { lockoutOff, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullPasskeysDocument, FullRemovePasskeyDocument } from '../support/generated/graphql.ts';
import { answer, challenge } from '../support/people/authenticator.ts';
import {
  addPasskey,
  askLogin,
  askRegistration,
  confirmRegistration,
  finishLogin,
  type PasskeyUser,
  passkeyUser,
} from '../support/people/passkeys.ts';
import { createUser, mailsDecided } from '../support/people/password-attempts.ts';
import { SoftwareAuthenticator } from '../support/people/software-authenticator.ts';
import { atOnce, codesOf, type Outcome, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtUser } from '../support/races/row-lock.ts';

const callers = 50;

const gateway = useGateway(lockoutOff);
const other = useGateway(lockoutOff, gateway);

async function countOf({ viewer }: SignedIn, table: 'token_families' | 'passkeys' | 'backup_codes'): Promise<number> {
  return (await gateway.database.query(`select from ${table} where user_id = $1`, [viewer.id])).length;
}

/** The refused ones: an invalid passkey, or too many attempts at once. */
function expectOnly(outcomes: readonly Outcome<unknown>[], ...known: string[]): void {
  const busy = ['SERVICE_BUSY', 'SERVICE_UNAVAILABLE'];
  expect(Object.keys(codesOf(outcomes)).filter((code) => ![...known, ...busy].includes(code))).toEqual([]);
}

async function begunRegistrations(sessions: readonly SignedIn[]) {
  const begun: { session: SignedIn; response: Record<string, unknown> }[] = [];
  for (const session of sessions) {
    begun.push({ session, response: new SoftwareAuthenticator().register(await askRegistration(gateway, session)) });
  }
  return begun;
}

const confirmAll = (begun: Awaited<ReturnType<typeof begunRegistrations>>) =>
  Promise.all(begun.map(({ session, response }) => outcomeOf(confirmRegistration(gateway, session, response))));

test('one response sent fifty times to two gateways gives one session', { timeout: 60_000 }, async () => {
  const { session, key } = await passkeyUser(gateway);
  const response = key.sign(await askLogin(gateway));
  const outcomes = await raceAtUser(gateway, session, 3, () =>
    atOnce(callers, (caller) => finishLogin(caller % 2 ? other : gateway, response)),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnly(outcomes, 'INVALID_CREDENTIALS');
  // The one of the registration, and one more.
  expect(await countOf(session, 'token_families')).toBe(2);
});

test('fifty signatures of one challenge give one session', { timeout: 60_000 }, async () => {
  const { session, key } = await passkeyUser(gateway);
  const options = await askLogin(gateway);
  const outcomes = await raceAtUser(gateway, session, 3, () =>
    atOnce(callers, () => finishLogin(gateway, key.sign(options))),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnly(outcomes, 'INVALID_CREDENTIALS');
  expect(await countOf(session, 'token_families')).toBe(2);
});

test('fifty responses with one ticket give one session', { timeout: 60_000 }, async () => {
  const { email, session, key } = await passkeyUser(gateway);
  const { ticket } = await challenge(gateway, email);
  const response = key.sign(await askLogin(gateway, ticket));
  const outcomes = await atOnce(callers, () => finishLogin(gateway, response, { ticket }));
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnly(outcomes, 'INVALID_MFA_CODE', 'INVALID_MFA_TICKET', 'TOO_MANY_ATTEMPTS');
  expect(await countOf(session, 'token_families')).toBe(2);
});

test('one registration answered twenty times creates one passkey and one set of codes', async () => {
  const session = await signIn(gateway, await createUser(gateway));
  const [begun] = await begunRegistrations([session]);
  if (!begun) throw new Error('nothing was begun');
  const outcomes = await raceAtUser(gateway, session, 3, () =>
    atOnce(20, () => confirmRegistration(gateway, session, begun.response)),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnly(outcomes, 'INVALID_MFA_CODE', 'REAUTHENTICATION_REQUIRED');
  expect([await countOf(session, 'passkeys'), await countOf(session, 'backup_codes')]).toEqual([1, 10]);
});

test('of five parallel passkeys beside nine existing, one becomes the tenth', async () => {
  const { session } = await passkeyUser(gateway);
  for (let count = 1; count < 9; count += 1) await addPasskey(gateway, session);
  const begun = await begunRegistrations([session, session, session, session, session]);
  const outcomes = await raceAtUser(gateway, session, 4, () => confirmAll(begun));
  expect(valuesOf(outcomes)).toHaveLength(1);
  expect(codesOf(outcomes)).toEqual({ CONFLICT: 4 });
  expect(await countOf(session, 'passkeys')).toBe(10);
});

test('the first of several sessions that add a first factor at once revokes the others', async () => {
  const email = await createUser(gateway);
  const sessions = [await signIn(gateway, email), await signIn(gateway, email), await signIn(gateway, email)] as const;
  const begun = await begunRegistrations(sessions);
  const outcomes = await raceAtUser(gateway, sessions[0], 3, () => confirmAll(begun));
  expect(valuesOf(outcomes)).toHaveLength(1);
  // The first factor revokes the sessions that signed in with the password alone.
  expect(codesOf(outcomes)).toEqual({ UNAUTHENTICATED: 2 });
  expect(await countOf(sessions[0], 'passkeys')).toBe(1);
});

test('one passkey registered by several users at once belongs to one of them', async () => {
  const key = new SoftwareAuthenticator();
  const begun: Awaited<ReturnType<typeof begunRegistrations>> = [];
  for (let count = 0; count < 4; count += 1) {
    const session = await signIn(gateway, await createUser(gateway));
    begun.push({ session, response: key.register(await askRegistration(gateway, session)) });
  }
  const outcomes = await confirmAll(begun);
  expect(valuesOf(outcomes)).toHaveLength(1);
  expect(codesOf(outcomes)).toEqual({ MFA_ALREADY_ENABLED: 3 });
  const owned = await Promise.all(begun.map(({ session }) => countOf(session, 'passkeys')));
  expect(owned.toSorted()).toEqual([0, 0, 0, 1]);
});

test('of eight copies that sign with the same counter, one signs in and the others are reported', async () => {
  const user = await passkeyUser(gateway, 5);
  const responses: Record<string, unknown>[] = [];
  while (responses.length < 8) responses.push(user.key.sign(await askLogin(gateway), { counter: 9 }));
  const outcomes = await raceAtUser(gateway, user.session, 4, () =>
    atOnce(8, (caller) => finishLogin(gateway, responses[caller] ?? {})),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expect(codesOf(outcomes)).toEqual({ INVALID_CREDENTIALS: 7 });
  expect(await clonesOf(user)).toBe(7);
  expect(await mailsDecided(gateway.database, 'passkey_clone_suspected', user.email)).toBeGreaterThan(0);
});

async function clonesOf({ session }: PasskeyUser): Promise<number> {
  const text = `select from audit_entries where action = 'passkey.clone_suspected' and target_id = $1`;
  return (await gateway.database.query(text, [session.viewer.id])).length;
}

test('a session proven by a backup code removes both passkeys at once, and with them the backup codes', async () => {
  const { email, session: first, passkeyId, backupCodes } = await passkeyUser(gateway);
  const { passkey } = await addPasskey(gateway, first);
  const { ticket } = await challenge(gateway, email);
  const session = await answer(gateway, ticket, backupCodes[0] ?? '', 'BACKUP_CODE');
  const ids = [passkeyId, passkey.id];
  const outcomes = await raceAtUser(gateway, session, 2, () =>
    atOnce(2, (caller) =>
      gateway.send(FullRemovePasskeyDocument, { input: { id: ids[caller] ?? '' } }, session.accessToken),
    ),
  );
  expect(codesOf(outcomes)).toEqual({});
  const { viewer } = await gateway.send(FullPasskeysDocument, {}, session.accessToken);
  expect(viewer).toMatchObject({ mfa: { enabled: false, methods: [], backupCodesRemaining: 0 }, passkeys: [] });
  expect((await signIn(gateway, email)).session.assurance).toBe('AAL1');
});

test('a session proven by one of two passkeys removes either both at once or only that one', async () => {
  const { session, passkeyId } = await passkeyUser(gateway);
  const { passkey } = await addPasskey(gateway, session);
  const ids = [passkeyId, passkey.id];
  const [proving, another] = await raceAtUser(gateway, session, 2, () =>
    atOnce(2, (caller) =>
      gateway.send(FullRemovePasskeyDocument, { input: { id: ids[caller] ?? '' } }, session.accessToken),
    ),
  );
  expect(proving?.error).toBeNull();
  const { viewer } = await gateway.send(FullPasskeysDocument, {}, session.accessToken);
  if (another?.error === null) {
    expect(viewer).toMatchObject({ mfa: { enabled: false, backupCodesRemaining: 0 }, passkeys: [] });
  } else {
    // The proof of the session was removed with its passkey, and the other passkey still protects the account.
    expect(another?.error.code).toBe('REAUTHENTICATION_REQUIRED');
    expect(viewer).toMatchObject({ mfa: { enabled: true, backupCodesRemaining: 10 }, passkeys: [{ id: passkey.id }] });
  }
});

test('a passkey removed during its sign-in leaves one session or none, without an error', async () => {
  const { session, passkeyId, key } = await passkeyUser(gateway);
  const response = key.sign(await askLogin(gateway));
  const input = { id: passkeyId };
  const [signedIn, removed] = await raceAtUser(gateway, session, 2, () =>
    Promise.all([
      atOnce(1, () => finishLogin(gateway, response)),
      atOnce(1, () => gateway.send(FullRemovePasskeyDocument, { input }, session.accessToken)),
    ]),
  );
  expect(codesOf(removed)).toEqual({});
  expectOnly(signedIn, 'INVALID_CREDENTIALS');
  expect(await countOf(session, 'passkeys')).toBe(0);
});
