/** One address that several callers claim at once, in any way: one of them gets it, and the others get a refusal. */
import { describe, expect, test, vi } from 'vitest';
import { goodPassword, lockoutOff, newAddress, refusal, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullViewerDocument,
  RegisterDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { confirmAddress, disown, subjects, tokenForAddress } from '../support/people/address-change.ts';
import { invite } from '../support/people/invite.ts';
import { createUser, mailsDecided } from '../support/people/password-attempts.ts';
import { atOnce, codesOf, type Outcome, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';

const rounds = [1, 2, 3, 4];
// Every round waits for mails, which are sent once a second.
vi.setConfig({ testTimeout: 90_000 });

const gateway = useGateway(lockoutOff);

const newSession = async () => signIn(gateway, await createUser(gateway));

async function pendingToken(email: string): Promise<string> {
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
}

/** Releases the callers when so many of them wait for the address. */
function atTheAddress<T>(email: string, waiting: number, race: () => Promise<T>): Promise<T> {
  const text = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
  return raceBehindLock(gateway.database, { text, values: [`address:${email}`], waiting }, race);
}

async function ownersOf(email: string): Promise<string[]> {
  const rows = await gateway.database.query<{ id: string }>('select id from users where email = $1', [email]);
  return rows.map(({ id }) => id);
}

async function addressOf({ viewer }: SignedIn): Promise<string | undefined> {
  const rows = await gateway.database.query<{ email: string }>('select email from users where id = $1', [viewer.id]);
  return rows[0]?.email;
}

function expectOneWinner(outcomes: readonly Outcome<unknown>[]): void {
  expect(codesOf(outcomes)).toEqual({ INVALID_TOKEN: outcomes.length - 1 });
}

test('three accounts that confirm one address at once: one gets it, the others keep theirs', async () => {
  for (const _round of rounds) {
    const wanted = newAddress();
    const rivals = [await newSession(), await newSession(), await newSession()];
    const tokens: string[] = [];
    for (const rival of rivals) tokens.push(await tokenForAddress(gateway, rival, wanted));
    const outcomes = await atTheAddress(wanted, 3, () =>
      atOnce(3, (caller) => confirmAddress(gateway, tokens[caller] ?? '')),
    );
    expectOneWinner(outcomes);
    const winner = outcomes.findIndex(({ error }) => error === null);
    expect(await Promise.all(rivals.map(addressOf))).toEqual(
      rivals.map(({ viewer }, index) => (index === winner ? wanted : viewer.email)),
    );
    expect((await signIn(gateway, wanted)).viewer.id).toBe(rivals[winner]?.viewer.id);
  }
});

test('an address confirmed for a registration and for a change at once belongs to one account', async () => {
  for (const round of rounds) {
    const wanted = newAddress();
    const session = await newSession();
    const change = await tokenForAddress(gateway, session, wanted);
    const registration = await pendingToken(wanted);
    const calls = [
      () => outcomeOf<unknown>(confirmAddress(gateway, change)),
      () => outcomeOf<unknown>(gateway.send(VerifyEmailDocument, { input: { token: registration } })),
    ];
    const outcomes = await atTheAddress(wanted, 2, () =>
      Promise.all((round % 2 ? calls : calls.toReversed()).map((call) => call())),
    );
    expectOneWinner(outcomes);
    const [owner, ...others] = await ownersOf(wanted);
    expect(others).toEqual([]);
    const changed = (await addressOf(session)) === wanted;
    expect(owner === session.viewer.id).toBe(changed);
    expect((await signIn(gateway, wanted)).viewer.id).toBe(owner);
  }
});

test('an address invited during the confirmation of a change to it belongs to one account', async () => {
  for (const _round of rounds) {
    const wanted = newAddress();
    const session = await newSession();
    const change = await tokenForAddress(gateway, session, wanted);
    const [confirmed, invited] = await atTheAddress(wanted, 2, () =>
      Promise.all([
        outcomeOf(confirmAddress(gateway, change)),
        invite(gateway, wanted).then(
          () => 'invited',
          (problem: { code?: string }) => problem.code,
        ),
      ]),
    );
    expect(await ownersOf(wanted)).toHaveLength(1);
    if (confirmed.error) expect([confirmed.error.code, invited]).toEqual(['INVALID_TOKEN', 'invited']);
    else expect([await addressOf(session), invited]).toEqual([wanted, 'EMAIL_TAKEN']);
  }
});

test('one link opened by twenty callers at once changes the address once and sends one mail to the old address', async () => {
  const wanted = newAddress();
  const { viewer, ...session } = await newSession();
  const token = await tokenForAddress(gateway, session, wanted);
  const line = { text: 'select from users where id = $1 for update', values: [viewer.id], waiting: 5 };
  const outcomes = await raceBehindLock(gateway.database, line, () => atOnce(20, () => confirmAddress(gateway, token)));
  // For 60 seconds a used mail token gets the same response.
  expect(codesOf(outcomes)).toEqual({});
  expect(new Set(valuesOf(outcomes).map((answer) => JSON.stringify(answer))).size).toBe(1);
  const text = `select from audit_entries where action = 'email.changed' and target_id = $1`;
  expect(await gateway.database.query(text, [viewer.id])).toHaveLength(1);
  expect(await mailsDecided(gateway.database, 'email_changed', viewer.email)).toBe(1);
});

describe('“this was not me”', () => {
  test('during the confirmation wins in any order: the owner has the address, and every session is revoked', async () => {
    for (const round of rounds) {
      const attackerAddress = newAddress();
      const session = await newSession();
      const { email, id } = session.viewer;
      const token = await tokenForAddress(gateway, session, attackerAddress);
      const warning = tokenIn(await gateway.mail.take(email, subjects.warning));
      const line = { text: 'select from users where id = $1 for update', values: [id], waiting: 2 };
      const calls = [
        () => outcomeOf<unknown>(confirmAddress(gateway, token)),
        () => outcomeOf<unknown>(disown(gateway, warning)),
      ];
      const outcomes = await raceBehindLock(gateway.database, line, () =>
        Promise.all((round % 2 ? calls : calls.toReversed()).map((call) => call())),
      );
      expect(Object.keys(codesOf(outcomes)).filter((code) => code !== 'INVALID_TOKEN')).toEqual([]);
      expect(await addressOf(session)).toBe(email);
      expect((await refusal(gateway.send(FullViewerDocument, {}, session.accessToken))).code).toBe('UNAUTHENTICATED');
      const reset = tokenIn(await gateway.mail.take(email, 'Reset your password'));
      await gateway.send(ResetPasswordDocument, { input: { token: reset, newPassword: 'Marble 8 galaxies' } });
      expect((await signIn(gateway, email, 'Marble 8 galaxies')).viewer.id).toBe(id);
    }
  });
});
