/** Mail codes sent many times at once, or as they expire: one session, and no more comparisons than a flow allows. */
import { expect, test } from 'vitest';
import { lockoutOff } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { completeCode, type MailedCode, mailedCode, otherCode } from '../support/people/mail-codes.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { atOnce, codesOf, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { hasWaiting, raceBehindLock } from '../support/races/row-lock.ts';
import { until } from '../support/races/until.ts';

const gateway = useGateway({ ...lockoutOff, LOCKOUT: '100/15m', SIGN_IN_METHODS: 'password,email-code' });

/** Releases the callers when several of them wait for the flow. */
function raceAtFlow<T>({ token }: MailedCode, race: () => Promise<T>): Promise<T> {
  const text = 'select from code_flows where token_hash = sha256($1::bytea) for update';
  return raceBehindLock(gateway.database, { text, values: [Buffer.from(token)], waiting: 3 }, race);
}

async function sessionsOf(email: string): Promise<number> {
  const text = 'select f.id from token_families f join users u on u.id = f.user_id where u.email = $1';
  return (await gateway.database.query(text, [email])).length;
}

test('a hundred wrong codes at once reach five comparisons', { timeout: 60_000 }, async () => {
  const mailed = await mailedCode(gateway, await createUser(gateway));
  const { flow, code, token } = mailed;
  const outcomes = await raceAtFlow(mailed, () =>
    atOnce(100, () => completeCode(gateway, { flow, code: otherCode(code) })),
  );
  expect(valuesOf(outcomes)).toEqual([]);
  expect(codesOf(outcomes).INVALID_CREDENTIALS).toBe(5);
  const [row] = await gateway.database.query('select attempts from code_flows where token_hash = sha256($1::bytea)', [
    Buffer.from(token),
  ]);
  expect(row).toEqual({ attempts: 5 });
});

test('one code sent forty times at once gives one session', async () => {
  const email = await createUser(gateway);
  const mailed = await mailedCode(gateway, email);
  const { flow, code } = mailed;
  const outcomes = await raceAtFlow(mailed, () => atOnce(40, () => completeCode(gateway, { flow, code })));
  expect(valuesOf(outcomes)).toHaveLength(1);
  expect(await sessionsOf(email)).toBe(1);
});

test('the code and the link of one flow at once give one session', async () => {
  const email = await createUser(gateway);
  const mailed = await mailedCode(gateway, email);
  const { flow, code, token, codeVerifier } = mailed;
  const outcomes = await raceAtFlow(mailed, () =>
    atOnce(20, (caller) => completeCode(gateway, caller % 2 ? { flow, code } : { token, codeVerifier })),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expect(await sessionsOf(email)).toBe(1);
});

test('a code that expires between the reservation of its comparison and its use starts no session', async () => {
  const email = await createUser(gateway);
  const mailed = await mailedCode(gateway, email);
  const { flow, code, token } = mailed;
  const text = 'select from code_flows where token_hash = sha256($1::bytea) for update';
  const values = [Buffer.from(token)];
  const outcome = await raceBehindLock(gateway.database, { text, values, waiting: 2 }, async () => {
    const completing = outcomeOf(completeCode(gateway, { flow, code }));
    await until('the reservation', () => hasWaiting(gateway.database, 1));
    gateway.clock.travel(600);
    // The second that waits releases the lock.
    await gateway.database.query(text, values);
    return completing;
  });
  expect(outcome.error?.code).toBe('INVALID_TOKEN');
  const [row] = await gateway.database.query(
    'select attempts, used_at from code_flows where token_hash = sha256($1::bytea)',
    values,
  );
  expect(row).toEqual({ attempts: 1, used_at: null });
  expect(await sessionsOf(email)).toBe(0);
});
