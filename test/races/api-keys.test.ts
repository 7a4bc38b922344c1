/** Parallel use of API keys: rotation, revocation, the number of keys of an owner, and the limit of a key. */
import { expect, test } from 'vitest';
import { lockoutOff, refusal, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RevokeApiKeyDocument, RotateApiKeyDocument } from '../support/generated/graphql.ts';
import { createApiKey, machineOf } from '../support/people/api-keys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { atOnce, codesOf, type Outcome, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtUser } from '../support/races/row-lock.ts';

const callers = 20;
const limit = 600;

const gateway = useGateway(lockoutOff);
const other = useGateway(lockoutOff, gateway);
const limited = useGateway({ ...lockoutOff, RATE_LIMITS: `apiKey=${limit}/1m,anonymous=1/1h` }, gateway);
const oneOf = (caller: number) => (caller % 2 ? other : gateway);

const newSession = async (): Promise<SignedIn> => signIn(gateway, await createUser(gateway));

/** The refused ones: the expected code, or too many at once. */
function expectOnly(outcomes: readonly Outcome<unknown>[], known: string): void {
  const codes = ['SERVICE_BUSY', 'SERVICE_UNAVAILABLE', known];
  expect(Object.keys(codesOf(outcomes)).filter((code) => !codes.includes(code))).toEqual([]);
}

test('of many rotations one succeeds, and its secret works beside the former one', { timeout: 60_000 }, async () => {
  const session = await newSession();
  const { id, key } = await createApiKey(gateway, session.accessToken);
  const outcomes = await raceAtUser(gateway, session, 3, () =>
    atOnce(callers, (caller) => oneOf(caller).send(RotateApiKeyDocument, { input: { id } }, session.accessToken)),
  );
  const [rotated, ...more] = valuesOf(outcomes);
  expect(more).toEqual([]);
  expectOnly(outcomes, 'CONFLICT');
  for (const secret of [key, rotated?.rotateApiKey.secret ?? ''])
    expect((await machineOf(gateway, secret))?.key?.id).toBe(id);
});

test('of many new keys only the 25th is made', { timeout: 60_000 }, async () => {
  const session = await newSession();
  for (let count = 1; count < 25; count += 1) await createApiKey(gateway, session.accessToken);
  const outcomes = await raceAtUser(gateway, session, 3, () =>
    atOnce(callers, (caller) => createApiKey(oneOf(caller), session.accessToken)),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  expectOnly(outcomes, 'CONFLICT');
});

test('of many revocations one succeeds, and none is lost beside a rotation', { timeout: 60_000 }, async () => {
  const session = await newSession();
  const { id, key } = await createApiKey(gateway, session.accessToken);
  const input = { id };
  const [rotation, outcomes] = await raceAtUser(gateway, session, 3, () =>
    Promise.all([
      outcomeOf(gateway.send(RotateApiKeyDocument, { input }, session.accessToken)),
      atOnce(callers, (caller) => oneOf(caller).send(RevokeApiKeyDocument, { input }, session.accessToken)),
    ]),
  );
  expect(valuesOf(outcomes)).toHaveLength(1);
  for (const secret of [key, ...valuesOf([rotation]).map(({ rotateApiKey }) => rotateApiKey.secret)])
    expect(await refusal(machineOf(other, secret))).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
});

test('no request that begins after the revocation succeeds, on any instance', { timeout: 60_000 }, async () => {
  const session = await newSession();
  const { id, key } = await createApiKey(gateway, session.accessToken);
  let [isRevoked, before] = [false, 0];
  const afterwards: Outcome<unknown>[] = [];
  const burst = atOnce(callers, async (caller) => {
    for (let rounds = 0; rounds < 10; ) {
      const beganAfter = isRevoked;
      const outcome = await outcomeOf(machineOf(oneOf(caller), key));
      if (beganAfter) {
        afterwards.push(outcome);
        rounds += 1;
      } else if (outcome.error === null) before += 1;
    }
  });
  while (before < 100) await machineOf(gateway, key);
  await gateway.send(RevokeApiKeyDocument, { input: { id } }, session.accessToken);
  isRevoked = true;
  await burst;
  expect(afterwards).toHaveLength(callers * 10);
  expect(valuesOf(afterwards)).toEqual([]);
  expect(codesOf(afterwards)).toEqual({ UNAUTHENTICATED: callers * 10 });
});

test('a thousand requests with one key are counted exactly, and not by their source', { timeout: 60_000 }, async () => {
  const session = await newSession();
  const [first, second] = [
    await createApiKey(gateway, session.accessToken),
    await createApiKey(gateway, session.accessToken, { limitPerMinute: 100 }),
  ];
  for (const [{ key }, expected] of [
    [first, limit],
    [second, 100],
  ] as const) {
    const outcomes = await atOnce(1000, () => machineOf(limited, key));
    expectOnly(outcomes, 'RATE_LIMITED');
    // A busy machine refuses some of a thousand requests before they are counted.
    const { RATE_LIMITED: limitedCount = 0 } = codesOf(outcomes);
    const accepted = valuesOf(outcomes).length;
    expect(accepted).toBe(Math.min(expected, accepted + limitedCount));
  }
});
