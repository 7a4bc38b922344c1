/**
 * Reauthentication in parallel with refreshes, other proofs and guesses: one rotation, and no more guesses than the
 * limit.
 */
import { beforeAll, expect, test } from 'vitest';
import { goodPassword, lockoutOff, registerUser } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { wrongPassword } from '../support/people/password-attempts.ts';
import { openSession, type Session } from '../support/people/session.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtSession } from '../support/races/row-lock.ts';

let email: string;
const gateway = useGateway(lockoutOff);
beforeAll(async () => {
  email = await registerUser(gateway);
});

const proof = { password: goodPassword };

async function generationOf({ session }: Session): Promise<number | undefined> {
  const text = 'select generation from token_families where id = $1';
  return (await gateway.database.query<{ generation: number }>(text, [session.id]))[0]?.generation;
}

test('a step-up during refreshes leaves one refresh token, whichever response the client keeps', async () => {
  for (let round = 0; round < 10; round += 1) {
    const session = await openSession(gateway, email);
    // All of them: a proof that began after the refreshes would correctly rotate once more.
    const answers = await raceAtSession(gateway, session, 4, () =>
      atOnce(4, (caller) => (caller === round % 4 ? session.reauthenticate(proof) : session.refresh())),
    );
    expect(codesOf(answers)).toEqual({});
    const answered = valuesOf(answers);
    expect(new Set(answered.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await generationOf(session)).toBe(1);
    // Long after the grace period, the stored token is still valid.
    gateway.clock.travel(60);
    await answered[0]?.refresh();
  }
});

test('eight parallel step-ups rotate once', async () => {
  const session = await openSession(gateway, email);
  // All eight, for the same reason.
  const answers = await raceAtSession(gateway, session, 8, () => atOnce(8, () => session.reauthenticate(proof)));
  expect(codesOf(answers)).toEqual({});
  expect(new Set(valuesOf(answers).map(({ refreshToken }) => refreshToken)).size).toBe(1);
  expect(await generationOf(session)).toBe(1);
});

test('of a hundred parallel wrong passwords ten are checked, and the lockout is recorded once', async () => {
  const session = await gateway.person();
  const answers = await atOnce(100, () => session.reauthenticate({ password: wrongPassword }));
  const { INVALID_CREDENTIALS: checked, ...others } = codesOf(answers);
  expect(checked).toBe(10);
  expect(Object.keys(others).filter((code) => !['TOO_MANY_ATTEMPTS', 'SERVICE_BUSY'].includes(code))).toEqual([]);
  const stops = await gateway.database.query(
    `select from audit_entries where action = 'guesses.stopped' and target_id = $1`,
    [session.viewer.id],
  );
  expect(stops).toHaveLength(1);
});
