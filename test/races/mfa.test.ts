/**
 * Single-use codes sent a hundred times at once: one session, one enrolment, and no more checked codes than the limit.
 */
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { keyedHash } from '../../src/security/keys/keyed-hash.ts';
import { mintMailToken } from '../../src/security/tokens/mail-tokens.ts';
import { goodPassword, lockoutOff, refusal, signIn, startTestGateway, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginLoginDocument,
  BeginTotpEnrollmentDocument,
  ConfirmTotpEnrollmentDocument,
  DisableTotpDocument,
  FullReauthenticateDocument,
  type MfaMethod,
  RegenerateBackupCodesDocument,
} from '../support/generated/graphql.ts';
import { answer, challenge, codeAt, type Enrolled, enrol, wrongCode } from '../support/people/authenticator.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { atOnce, codesOf, type Outcome, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';

const keyRing = createKeyRing([Buffer.from(testSecret, 'base64')]);

const gateway = useGateway(lockoutOff);

/**
 * Releases the callers when several of them wait for the counter: the first row that all of them lock, which they reach
 * in time on a busy machine too.
 */
function raceAtCounter<T>({ session }: Pick<Enrolled, 'session'>, race: () => Promise<T>): Promise<T> {
  const text = `select from attempt_counters where bucket = 'mfa' and key = $1 for update`;
  const values = [keyedHash(keyRing, 'mfa', session.viewer.id)];
  return raceBehindLock(gateway.database, { text, values, waiting: 3 }, race);
}

/** So many tickets for the second step: one of a real sign-in, and copies of it, which need no hash. */
async function ticketsOf({ email, session }: Enrolled, count: number): Promise<string[]> {
  const { ticket } = await challenge(gateway, email);
  const copies = Array.from({ length: count - 1 }, () => mintMailToken());
  await gateway.database.query(
    `insert into mfa_tickets (id, user_id, token_hash, remember_me, delivery, failures, created_at, expires_at)
     select gen_random_uuid(), user_id, hash, remember_me, delivery, failures, created_at, expires_at
     from mfa_tickets, unnest($2::bytea[]) hash where user_id = $1`,
    [session.viewer.id, copies.map(({ tokenHash }) => tokenHash)],
  );
  return [ticket, ...copies.map(({ token }) => token)];
}

/** A hundred callers meet without a common lock; on a busy machine they would reach one too late. */
function answerAll(tickets: readonly string[], code: string, method: MfaMethod = 'TOTP') {
  return atOnce(tickets.length, (caller) => answer(gateway, tickets[caller] ?? '', code, method));
}

async function countOf(user: Enrolled, table: 'token_families' | 'backup_codes', where = 'true'): Promise<number> {
  const text = `select count(*)::int as count from ${table} where user_id = $1 and ${where}`;
  const [row] = await gateway.database.query<{ count: number }>(text, [user.session.viewer.id]);
  return row?.count ?? 0;
}

async function auditedFor({ session }: Enrolled, action: string): Promise<number> {
  const text = 'select from audit_entries where action = $1 and target_id = $2';
  return (await gateway.database.query(text, [action, session.viewer.id])).length;
}

/** The codes of the refused ones: wrong, or too many attempts at once, for the counter or the machine. */
function expectOnlyRefusals(outcomes: readonly Outcome<unknown>[]): void {
  const known = [
    'INVALID_MFA_CODE',
    'INVALID_MFA_TICKET',
    'SERVICE_BUSY',
    'SERVICE_UNAVAILABLE',
    'TOO_MANY_ATTEMPTS',
    'MFA_ALREADY_ENABLED',
  ];
  expect(Object.keys(codesOf(outcomes)).filter((code) => !known.includes(code))).toEqual([]);
}

/**
 * How many codes were checked before the end: those of the race, and the remaining ones. A refusal because of a busy
 * machine returns its attempt.
 */
async function countChecked(
  user: Enrolled,
  outcomes: readonly Outcome<unknown>[],
  { last, end }: { last: () => Promise<string>; end: string },
): Promise<number> {
  let checked = codesOf(outcomes).INVALID_MFA_CODE ?? 0;
  for (let tries = 0; tries < 20; tries += 1) {
    const { code } = await refusal(answer(gateway, await last(), wrongCode(user)));
    if (code === end) return checked;
    if (code === 'INVALID_MFA_CODE') checked += 1;
  }
  throw new Error('there is no end to it');
}

test('a hundred sign-ins with one TOTP code give one session', { timeout: 60_000 }, async () => {
  const user = await enrol(gateway);
  const outcomes = await answerAll(await ticketsOf(user, 100), user.code());
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnlyRefusals(outcomes);
  // The one of the enrolment, and one more.
  expect(await countOf(user, 'token_families')).toBe(2);
});

test('one code at two gateways gives one session', { timeout: 60_000 }, async () => {
  const other = await startTestGateway(lockoutOff, gateway);
  try {
    const user = await enrol(gateway);
    const tickets = await ticketsOf(user, 20);
    const outcomes = await raceAtCounter(user, () =>
      atOnce(20, (caller) => answer(caller % 2 ? other : gateway, tickets[caller] ?? '', user.code())),
    );
    expect(valuesOf(outcomes)).toHaveLength(1);
    expectOnlyRefusals(outcomes);
  } finally {
    await other.stop();
  }
});

test('one ticket answered by forty callers with different valid codes gives one session', async () => {
  const user = await enrol(gateway);
  const { ticket } = await challenge(gateway, user.email);
  const codes: [string, MfaMethod][] = [
    [user.code(), 'TOTP'],
    [user.code(1), 'TOTP'],
    ...user.backupCodes.map((code): [string, MfaMethod] => [code, 'BACKUP_CODE']),
  ];
  const outcomes = await raceAtCounter(user, () =>
    atOnce(40, (caller) => {
      const [code, method] = codes[caller % codes.length] ?? ['', 'TOTP'];
      return answer(gateway, ticket, code, method);
    }),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnlyRefusals(outcomes);
  expect(await countOf(user, 'token_families')).toBe(2);
  // The callers that lost the race used up no code.
  expect(await countOf(user, 'backup_codes', 'used_at is not null')).toBeLessThanOrEqual(1);
});

test('a hundred uses of one backup code give one session, use one code and queue one mail', {
  timeout: 60_000,
}, async () => {
  const user = await enrol(gateway);
  const [code = ''] = user.backupCodes;
  const mails = () => gateway.database.query(`select from outbox_mails where kind = 'backup_code_used'`);
  const before = (await mails()).length;
  const outcomes = await answerAll(await ticketsOf(user, 100), code, 'BACKUP_CODE');
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnlyRefusals(outcomes);
  expect(await countOf(user, 'backup_codes', 'used_at is null')).toBe(9);
  expect((await mails()).length).toBe(before + 1);
  expect(await auditedFor(user, 'backup_code.used')).toBe(1);
});

test('of a hundred wrong codes ten are checked, over all tickets, and the lockout is recorded once', {
  timeout: 60_000,
}, async () => {
  const user = await enrol(gateway);
  const outcomes = await answerAll(await ticketsOf(user, 100), wrongCode(user));
  expectOnlyRefusals(outcomes);
  const last = async () => (await challenge(gateway, user.email)).ticket;
  expect(await countChecked(user, outcomes, { last, end: 'TOO_MANY_ATTEMPTS' })).toBe(10);
  expect(await auditedFor(user, 'guesses.stopped')).toBe(1);
});

test('of parallel wrong codes on one ticket five are checked', async () => {
  const user = await enrol(gateway);
  const { ticket } = await challenge(gateway, user.email);
  const outcomes = await answerAll(
    Array.from({ length: 30 }, () => ticket),
    wrongCode(user),
  );
  expectOnlyRefusals(outcomes);
  expect(await countChecked(user, outcomes, { last: async () => ticket, end: 'INVALID_MFA_TICKET' })).toBe(5);
});

test('an enrolment confirmed twenty times at once is confirmed once, with one valid set of codes', async () => {
  const email = await createUser(gateway);
  const session = await signIn(gateway, email);
  const { accessToken, viewer } = session;
  const { beginTotpEnrollment: offer } = await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken);
  const confirm = (code: string) => gateway.send(ConfirmTotpEnrollmentDocument, { input: { code } }, accessToken);
  // A wrong code first, so that there is a counter to lock.
  await refusal(confirm(''));
  const code = codeAt(offer.secret, gateway.clock.now());
  const outcomes = await raceAtCounter({ session }, () => atOnce(20, () => confirm(code)));
  expectOnlyRefusals(outcomes);
  const [confirmed, ...others] = valuesOf(outcomes);
  expect(others).toEqual([]);
  const text = 'select from audit_entries where action = $1 and target_id = $2';
  expect(await gateway.database.query(text, ['mfa.enabled', viewer.id])).toHaveLength(1);
  const { ticket } = await challenge(gateway, email);
  await answer(gateway, ticket, confirmed?.confirmTotpEnrollment.backupCodes[0] ?? '', 'BACKUP_CODE');
});

test('a password sign-in during the enrolment gives no one-factor session after it', {
  timeout: 60_000,
}, async () => {
  for (let round = 0; round < 10; round += 1) {
    const email = await createUser(gateway);
    const { accessToken, viewer } = await signIn(gateway, email);
    const { beginTotpEnrollment: offer } = await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken);
    const input = { code: codeAt(offer.secret, gateway.clock.now()) };
    const credentials = { email, password: goodPassword };
    const entering = atOnce(4, () => gateway.send(BeginLoginDocument, { input: credentials }));
    await gateway.send(ConfirmTotpEnrollmentDocument, { input }, accessToken);
    const after = await atOnce(1, () => challenge(gateway, email));
    expect(valuesOf(after)).toHaveLength(1);
    expect(codesOf(await entering)).toEqual({});
    const [late] = await gateway.database.query<{ count: number }>(
      `select count(*)::int as count from audit_entries s
       where s.action = 'session.started' and s.actor_id = $1
         and s.id > (select id from audit_entries where action = 'mfa.enabled' and target_id = $2)`,
      [viewer.id, viewer.id],
    );
    expect(late?.count).toBe(0);
  }
});

test('one code used in parallel for step-up, removal of TOTP and new backup codes permits one of them', async () => {
  const user = await enrol(gateway);
  const { accessToken } = user.session;
  const code = user.code();
  const things = [
    () => gateway.send(FullReauthenticateDocument, { input: { code } }, accessToken),
    () => gateway.send(DisableTotpDocument, { input: { code } }, accessToken),
    () => gateway.send(RegenerateBackupCodesDocument, { input: { code } }, accessToken),
  ];
  const outcomes = await raceAtCounter(user, () =>
    atOnce<unknown>(3, (caller) => things[caller]?.() ?? Promise.reject(new Error('no such thing'))),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnlyRefusals(outcomes);
});

test('a session revoked during the request changes nothing, and the code stays unused', async () => {
  const user = await enrol(gateway);
  const { id } = user.session.session;
  // The effect of a password change that commits while the code waits.
  const text = `with ended as (update token_families set revoked_at = created_at, revoked_reason = 'password_changed'
                               where id = $1 returning user_id)
                select from users where id = (select user_id from ended) for update`;
  const [code = ''] = user.backupCodes;
  const refused = await raceBehindLock(gateway.database, { text, values: [id], waiting: 1 }, () =>
    refusal(gateway.send(DisableTotpDocument, { input: { code } }, user.session.accessToken)),
  );
  expect(refused).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'SESSION_REVOKED' } });
  expect(await countOf(user, 'backup_codes', 'used_at is null')).toBe(10);
  expect(await auditedFor(user, 'mfa.disabled')).toBe(0);
});
