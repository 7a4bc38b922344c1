/** Account deletion: what ends at once, what stays until the purge, and what remains after it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanUp } from '../../src/domain/operations/clean-up.ts';
import { hashPersonal } from '../../src/security/keys/personal-hash.ts';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  registerUser,
  type SignedIn,
  signIn,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  ConfirmEmailChangeDocument,
  DeleteAccountDocument,
  ExportMyDataDocument,
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { recipientsOf, tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { changeAddress, tokenForAddress } from '../support/people/address-change.ts';
import { auditTrail } from '../support/people/audit.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';
import { invite } from '../support/people/invite.ts';
import { createUser, tryPassword, tryRight, wrongPassword } from '../support/people/password-attempts.ts';

const day = 24 * 60 * 60;
const retention = 30 * day;

let auditApp: AuditApp;
const gateway = useGateway({ ...lockoutOff, TRUSTED_PROXIES: '127.0.0.1' });
beforeAll(async () => {
  auditApp = await openAuditApp(gateway.database, gateway.clock);
});
afterAll(() => auditApp.close());

interface Person {
  email: string;
  session: SignedIn;
}

async function newPerson(role = 'USER'): Promise<Person> {
  const email = await createUser(gateway);
  await gateway.database.query('update users set role_name = $2 where email = $1', [email, role]);
  return { email, session: await signIn(gateway, email) };
}

const leave = async ({ session }: Person, password = goodPassword) =>
  (await gateway.send(DeleteAccountDocument, { input: { password } }, session.accessToken)).deleteAccount;
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const clean = () => cleanUp(auditApp.dependencies());

async function statusOf({ session }: Person): Promise<string | undefined> {
  const rows = await gateway.database.query<{ status: string }>('select status from users where id = $1', [
    session.viewer.id,
  ]);
  return rows[0]?.status;
}

describe('account deletion', () => {
  test('revokes every session and every link, and returns the date of the purge', async () => {
    const person = await newPerson();
    const other = await signIn(gateway, person.email);
    await gateway.send(RequestPasswordResetDocument, { input: { email: person.email } });
    const reset = tokenIn(await gateway.mail.take(person.email, 'Reset your password'));
    const change = await tokenForAddress(gateway, person.session, newAddress());
    const now = gateway.clock.now();
    expect(await leave(person)).toEqual({
      deletedAt: now.toISOString(),
      purgeAt: new Date(now.getTime() + retention * 1000).toISOString(),
    });
    for (const { accessToken, refreshToken } of [person.session, other]) {
      expect((await refusal(gateway.send(FullViewerDocument, {}, accessToken))).extensions.reason).toBe(
        'SESSION_REVOKED',
      );
      expect(await codeOf(gateway.send(FullRefreshDocument, { input: { refreshToken } }))).toBe(
        'INVALID_REFRESH_TOKEN',
      );
    }
    const links = [
      () => gateway.send(ResetPasswordDocument, { input: { token: reset, newPassword: 'Marble 8 galaxies' } }),
      () => gateway.send(ConfirmEmailChangeDocument, { input: { token: change } }),
    ];
    for (const follow of links) expect(await codeOf(follow())).toBe('INVALID_TOKEN');
  });

  test('mails the owner and writes an audit entry', async () => {
    const person = await newPerson();
    const { purgeAt } = await leave(person);
    const mail = await gateway.mail.take(person.email, 'Your account was deleted');
    expect(mail.text).toContain('127.0.0.1');
    const own = (await auditTrail(gateway.database)).filter(({ actorId }) => actorId === person.session.viewer.id);
    expect(own.filter(({ action }) => action === 'user.deleted')).toMatchObject([
      { targetId: person.session.viewer.id, sessionId: person.session.session.id, details: { purgeAt } },
    ]);
    expect(own.filter(({ action }) => action === 'session.ended')).toMatchObject([
      { details: { reason: 'account_deleted' } },
    ]);
  });

  test('makes sign-in and reset requests respond as for an unknown address', async () => {
    const person = await newPerson();
    await leave(person);
    const stranger = newAddress();
    for (const attempt of [tryRight, tryPassword]) {
      const [gone, none] = [await attempt(gateway, person.email), await attempt(gateway, stranger)];
      expect([gone.code, gone.status, gone.text]).toEqual(['INVALID_CREDENTIALS', none.status, none.text]);
    }
    const [gone, none] = await Promise.all(
      [person.email, stranger].map((email) =>
        answerOf(gateway.post(bodyOf(RequestPasswordResetDocument, { input: { email } }))),
      ),
    );
    expect(gone && comparable(gone)).toBe(none && comparable(none));
    await everythingIsSent(gateway.database);
    const mails = gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(person.email));
    // The mail goes to the owner of the mailbox and has no link to a password.
    expect(mails.map(({ subject }) => subject).sort()).toEqual(['Your account is deleted', 'Your account was deleted']);
    for (const { text } of mails) expect(text).not.toContain('#token=');
    expect(gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(stranger))).toEqual([]);
  });
});

describe('account deletion is refused', () => {
  test('without a session, without recent authentication, and with a wrong password', async () => {
    expect(await codeOf(gateway.send(DeleteAccountDocument, { input: { password: goodPassword } }))).toBe(
      'UNAUTHENTICATED',
    );
    const person = await newPerson();
    expect(await refusal(leave(person, wrongPassword))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      extensions: { fields: [{ path: 'input.password', code: 'WRONG_PASSWORD' }] },
    });
    gateway.clock.travel(601);
    expect(await codeOf(leave(person))).toBe('REAUTHENTICATION_REQUIRED');
    expect(await statusOf(person)).toBe('ACTIVE');
  });

  test('after ten wrong passwords', async () => {
    const person = await newPerson();
    for (let guess = 0; guess < 10; guess += 1) await refusal(leave(person, wrongPassword));
    expect(await codeOf(leave(person))).toBe('TOO_MANY_ATTEMPTS');
    expect(await statusOf(person)).toBe('ACTIVE');
  });

  test('for the last SUPER_ADMIN, with an audit entry, and permitted when there is a second one', async () => {
    const last = await newPerson('SUPER_ADMIN');
    expect(await codeOf(leave(last))).toBe('CONFLICT');
    expect(await statusOf(last)).toBe('ACTIVE');
    const [entry] = (await auditTrail(gateway.database, 'administration.refused')).slice(-1);
    expect(entry).toMatchObject({
      outcome: 'DENIED',
      actorId: last.session.viewer.id,
      details: { attempted: 'user.deleted', reason: 'last_super_admin' },
    });
    const suspended = await newPerson('SUPER_ADMIN');
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [suspended.email]);
    expect(await codeOf(leave(last))).toBe('CONFLICT');
    await newPerson('SUPER_ADMIN');
    await leave(last);
    expect(await statusOf(last)).toBe('DELETED');
  });
});

describe('until the purge', () => {
  test('the address stays reserved, and afterwards it is free', async () => {
    // The users that the earlier tests deleted were deleted a second earlier.
    gateway.clock.travel(1);
    const person = await newPerson();
    await leave(person);
    await gateway.mail.take(person.email, 'Your account was deleted');
    gateway.clock.travel(retention);
    await clean();
    expect(await statusOf(person)).toBe('DELETED');
    await gateway.send(RegisterDocument, { input: { email: person.email, password: goodPassword } });
    const { text } = await gateway.mail.take(person.email, 'Your account is deleted');
    expect(text).not.toContain('#token=');
    await expect(invite(gateway, person.email)).rejects.toMatchObject({ code: 'EMAIL_TAKEN' });
    gateway.clock.travel(1);
    expect((await clean()).users).toBe(1);
    expect(await statusOf(person)).toBeUndefined();
    await registerUser(gateway, person.email);
  });
});

describe('the purge', () => {
  const planted = {
    name: 'Planted Wanderer',
    userAgent: 'PlantedBrowser/7',
    device: 'Planted laptop',
    address: '198.51.100.77',
    reason: 'Planted words of an administrator',
  };
  const from = { 'user-agent': planted.userAgent, 'x-forwarded-for': planted.address };

  /** Every row of every table as text. */
  async function dump(): Promise<{ table: string; text: string }[]> {
    const tables = await gateway.database.query<{ name: string }>(
      `select tablename as name from pg_tables
       where schemaname = 'public' and tablename not in (select relname from pg_class where relispartition) order by 1`,
    );
    const rows = await Promise.all(
      tables.map(async ({ name }) => {
        const texts = await gateway.database.query<{ text: string }>(
          `select row_to_json(t)::text as text from "${name}" t order by 1`,
        );
        return texts.map(({ text }) => ({ table: name, text }));
      }),
    );
    return rows.flat();
  }

  interface EntryRow {
    id: string;
    ip: string | null;
    agent: string | null;
    reason: string | null;
    salt: Buffer | null;
    hash: Buffer;
    rest: string;
  }

  const entries = () =>
    gateway.database.query<EntryRow>(
      `select id, ip_address as ip, user_agent as agent, reason, personal_salt as salt, personal_hash as hash,
              (to_jsonb(a) - '{ip_address,user_agent,reason,personal_salt}'::text[])::text as rest
       from audit_entries a order by id`,
    );

  /** A user with data of every kind. @returns all addresses of the user */
  async function createAndDeleteAccount(): Promise<{ id: string; emails: string[] }> {
    const first = await createUser(gateway);
    const input = { email: first, password: goodPassword, deviceName: planted.device };
    const login = async (email: string, password = goodPassword) =>
      answerOf(gateway.post(bodyOf(FullLoginDocument, { input: { ...input, email, password } }), from));
    await login(first, wrongPassword);
    const { data }: { data: { login: SignedIn } } = JSON.parse((await login(first)).text);
    const session = data.login;
    const send = (body: unknown) => answerOf(gateway.post(body, { ...from, ...bearer(session.accessToken) }));
    await send(bodyOf(UpdateProfileDocument, { input: { displayName: planted.name, locale: 'en' } }));
    const second = newAddress();
    await changeAddress(gateway, session, first, second);
    await send(
      bodyOf(ChangePasswordDocument, { input: { currentPassword: goodPassword, newPassword: 'Marble 8 galaxies' } }),
    );
    await login(second, wrongPassword);
    await send(bodyOf(RequestPasswordResetDocument, { input: { email: second } }));
    await send(bodyOf(FullRefreshDocument, { input: { refreshToken: withRefreshToken(session).refreshToken } }));
    await gateway.database.query(
      `insert into audit_entries (id, occurred_at, action, outcome, target_type, target_id, request_id, reason, personal_salt, personal_hash, details)
       values (gen_random_uuid(), $1, 'user.suspended', 'SUCCESS', 'user', $2, 'planted', $3, $4, $5, '{}')`,
      [gateway.clock.now(), session.viewer.id, planted.reason, ...sealOf(planted.reason)],
    );
    const left = await send(bodyOf(DeleteAccountDocument, { input: { password: 'Marble 8 galaxies' } }));
    expect(left.errors).toEqual([]);
    return { id: session.viewer.id, emails: [first, second] };
  }

  function sealOf(reason: string): Buffer[] {
    const { salt, hash } = hashPersonal([null, null, reason]);
    return [salt, hash];
  }

  test('removes every name, address and network of the user and what others wrote about the user', async () => {
    const bystander = await newPerson();
    const { id, emails } = await createAndDeleteAccount();
    await everythingIsSent(gateway.database);
    const secrets = [...Object.values(planted), ...emails];
    const holders = (rows: { table: string; text: string }[]) =>
      rows.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ table }) => table);
    expect(new Set(holders(await dump()))).toEqual(new Set(['audit_entries', 'token_families', 'users']));
    gateway.clock.travel(retention + 1);
    await clean();
    const after = await dump();
    expect(holders(after)).toEqual([]);
    // Audit entries and events keep the id of the user.
    expect(new Set(after.filter(({ text }) => text.includes(id)).map(({ table }) => table))).toEqual(
      new Set(['audit_entries', 'events']),
    );
    expect(await statusOf(bystander)).toBe('ACTIVE');
  });

  test('keeps every audit entry without its personal data, and provable while the salt exists', async () => {
    const { id } = await createAndDeleteAccount();
    const before = await entries();
    for (const { ip, agent, reason, salt, hash } of before)
      if (salt) expect(hashPersonal([ip, agent, reason], salt).hash).toEqual(hash);
    await auditApp.sealAll();
    gateway.clock.travel(retention + 1);
    await clean();
    expect(await auditApp.integrity()).toMatchObject({ problem: null, complete: true });
    const after = new Map((await entries()).map((entry) => [entry.id, entry]));
    let purged = 0;
    for (const entry of before) {
      const now = after.get(entry.id);
      expect(now?.rest).toBe(entry.rest);
      if (now?.salt === null && entry.salt !== null) purged += 1;
    }
    expect(purged).toBeGreaterThan(10);
    const [told] = (await auditTrail(gateway.database, 'user.purged')).filter(({ targetId }) => targetId === id);
    expect(told?.details).toEqual({ auditEntries: purged, lists: 1 });
    expect(JSON.stringify(told)).not.toContain('@');
  });

  test('changes no other user, not even one that requested the same address or acted on the user', async () => {
    const other = await newPerson();
    const { id, emails } = await createAndDeleteAccount();
    // Another user requests the reserved address: the audit entry names that user too.
    await gateway.post(
      {
        query: 'mutation ($to: EmailAddress!) { requestEmailChange(input: { newEmail: $to }) { accepted } }',
        variables: { to: emails[1] },
      },
      { ...bearer(other.session.accessToken), 'user-agent': 'Bystander/1' },
    );
    const untouched = async () => {
      const others = (await dump()).filter(
        ({ table, text }) => table !== 'attempt_counters' && table !== 'outbox_mails' && !text.includes(id),
      );
      return others.filter(({ text }) => text.includes(other.session.viewer.id) || text.includes('Bystander/1'));
    };
    const before = await untouched();
    expect(before.length).toBeGreaterThan(3);
    gateway.clock.travel(retention + 1);
    // Links expire meanwhile, and events are past their retention.
    const kept = (rows: { table: string }[]) =>
      rows.filter(({ table }) => table !== 'mail_tokens' && table !== 'events');
    await clean();
    expect(kept(await untouched())).toEqual(kept(before));
  });

  test('frees the address: its next owner sees nothing of the previous one', async () => {
    const { emails } = await createAndDeleteAccount();
    gateway.clock.travel(retention + 1);
    await clean();
    const email = await registerUser(gateway, emails[1]);
    const { accessToken, viewer } = await signIn(gateway, email);
    const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, accessToken);
    const { events, mails } = exportMyData.data as { events: { action: string }[]; mails: { kind: string }[] };
    expect(events.map(({ action }) => action).toReversed()).toEqual([
      'registration.requested',
      'registration.confirmed',
      'user.created',
      'session.started',
    ]);
    expect(mails.map(({ kind }) => kind)).toEqual(['verify_email']);
    expect(viewer.email).toBe(email);
  });

  test('spares a user that was restored in time', async () => {
    const person = await newPerson();
    await leave(person);
    gateway.clock.travel(retention - 1);
    await gateway.database.query(`update users set status = 'ACTIVE', deleted_at = null where email = $1`, [
      person.email,
    ]);
    gateway.clock.travel(day);
    await clean();
    await signIn(gateway, person.email);
  });
});
