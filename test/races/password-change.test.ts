/** Parallel password changes and sign-ins: one password remains, and no session of another one. */
import { expect, test } from 'vitest';
import { goodPassword, lockoutOff, refusal, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  FullViewerDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';

import { atOnce, codesOf, type Outcome, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtUser } from '../support/races/row-lock.ts';

const rounds = [0, 1, 2, 3];
const [byReset, byChange] = ['Amber 1 lighthouse', 'Birch 2 telescope'];

const gateway = useGateway(lockoutOff);

const change = ({ accessToken }: SignedIn, newPassword: string) =>
  gateway.send(ChangePasswordDocument, { input: { currentPassword: goodPassword, newPassword } }, accessToken);
const reset = (token: string, newPassword: string) =>
  gateway.send(ResetPasswordDocument, { input: { token, newPassword } });

async function resetToken(email: string): Promise<string> {
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  return tokenIn(await gateway.mail.take(email, 'Reset your password'));
}

/** The passwords that sign in. */
async function working(email: string, passwords: readonly string[]): Promise<string[]> {
  const outcomes = await atOnce(passwords.length, (caller) => signIn(gateway, email, passwords[caller]));
  return passwords.filter((_, index) => outcomes[index]?.error === null);
}

test('of eight parallel changes one succeeds, and the replaced password enters the history once', async () => {
  const session = await gateway.person();
  const passwords = Array.from({ length: 8 }, (_, caller) => `${goodPassword} ${caller}`);
  const outcomes = await raceAtUser(gateway, session, 3, () =>
    atOnce(passwords.length, (caller) => change(session, passwords[caller] ?? '')),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  // The refusal of a password that was just replaced: before its proof, or after.
  const codes = Object.keys(codesOf(outcomes)).filter((code) => !['CONFLICT', 'INVALID_CREDENTIALS'].includes(code));
  expect(codes).toEqual([]);
  const winner = outcomes.findIndex(({ error }) => error === null);
  expect(await working(session.viewer.email, [goodPassword, ...passwords])).toEqual([passwords[winner]]);
  const former = await gateway.database.query('select from former_passwords where user_id = $1', [session.viewer.id]);
  expect(former).toHaveLength(1);
});

test('of a parallel change and reset one succeeds: the change invalidates the link, or the reset revokes the session', {
  timeout: 60_000,
}, async () => {
  for (const round of rounds) {
    const session = await gateway.person();
    const token = await resetToken(session.viewer.email);
    const calls = [
      () => outcomeOf<unknown>(change(session, byChange)),
      () => outcomeOf<unknown>(reset(token, byReset)),
    ];
    const outcomes = await raceAtUser(gateway, session, 2, () =>
      Promise.all((round % 2 ? calls.toReversed() : calls).map((call) => call())),
    );
    const [changed, wasReset] = round % 2 ? outcomes.toReversed() : outcomes;
    const codes = [changed?.error?.code ?? 'changed', wasReset?.error?.code ?? 'reset'];
    expect([
      ['changed', 'INVALID_TOKEN'],
      ['UNAUTHENTICATED', 'reset'],
    ]).toContainEqual(codes);
    const held = wasReset?.error ? byChange : byReset;
    expect(await working(session.viewer.email, [goodPassword, byChange, byReset])).toEqual([held]);
  }
});

test('a sign-in with the old password during a reset leaves no living session', { timeout: 60_000 }, async () => {
  for (const round of rounds) {
    const session = await gateway.person();
    const { id, email } = session.viewer;
    const token = await resetToken(email);
    const entered: SignedIn[] = [];
    const enter = async (): Promise<Outcome<unknown>> => {
      const outcome = await outcomeOf(signIn(gateway, email));
      if (!outcome.error) entered.push(outcome.value);
      return outcome;
    };
    const calls = [() => outcomeOf<unknown>(reset(token, byReset)), enter, enter, enter];
    const outcomes = await raceAtUser(gateway, session, 3, () =>
      Promise.all((round % 2 ? calls.toReversed() : calls).map((call) => call())),
    );
    expect(Object.keys(codesOf(outcomes)).filter((code) => code !== 'INVALID_CREDENTIALS')).toEqual([]);
    const text = 'select id from token_families where user_id = $1 and revoked_at is null';
    expect(await gateway.database.query(text, [id])).toEqual([]);
    for (const { accessToken } of entered) {
      const { extensions } = await refusal(gateway.send(FullViewerDocument, {}, accessToken));
      expect(extensions.reason).toBe('SESSION_REVOKED');
    }
  }
});
