/**
 * Every String of the schema gets 95 kB that are quadratic to normalise, every list and object as much as a body holds:
 * the response is a short refusal, and other requests are answered meanwhile, also when the caller is above its limit.
 */
import { getNamedType, getNullableType, isInputObjectType, isListType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import type { TestGateway } from '../support/gateway/gateway.ts';
import { byLiteral, byVariable, inputPlaces } from '../support/gateway/input-places.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { combiningMarks } from '../support/leaks/combining-marks.ts';

const marks = combiningMarks(47_000);

const textPlaces = inputPlaces.filter(({ type }) => ['String', 'ID', 'EmailAddress'].includes(getNamedType(type).name));
const objectPlaces = inputPlaces.filter(({ type }) => isInputObjectType(getNamedType(type)));
const listPlaces = inputPlaces.filter(({ type }) => isListType(getNullableType(type)));

const gateway = useGateway();
const limited = useGateway({ RATE_LIMITS: 'anonymous=1/1h' }, gateway);
beforeAll(async () => {
  await limited.post({ query: '{ __typename }' });
});

/** The time to normalise one such text in the same run: a refusal must take less than half of it. */
const normalisingMs = medianOf(Array.from({ length: 3 }, () => msOf(() => marks.normalize('NFC'))));

function msOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/**
 * Sends the body with a second request behind it on the same event loop.
 * @returns the response, and the time of the slower one
 */
async function measured(target: TestGateway, body: object) {
  const startedAt = performance.now();
  const asked = answerOf(target.post(body));
  const [answer] = await Promise.all([asked, fetch(`${target.url}/livez`).then((response) => response.text())]);
  return { answer, ms: performance.now() - startedAt };
}

async function expectRefused(body: object): Promise<void> {
  let { answer, ms } = await measured(gateway, body);
  // Other processes can delay one request, and work that depends on the body delays each.
  for (let more = 2; more > 0 && ms >= normalisingMs / 2; more -= 1) ({ answer, ms } = await measured(gateway, body));
  expect(ms).toBeLessThan(normalisingMs / 2);
  expect(answer.text.length).toBeLessThan(5000);
  const [error] = answer.errors;
  expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']).toContain(error?.extensions.code);
  expect(error?.extensions.fields?.length ?? 0).toBeLessThanOrEqual(5);
}

async function expectUncounted(body: object): Promise<void> {
  const { answer, ms } = await measured(limited, body);
  expect(answer.status).toBe(429);
  expect(ms).toBeLessThan(normalisingMs / 2);
}

test('the schema has inputs of every kind', () => {
  expect(textPlaces.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'login.input.email',
      'users.where.name',
      'auditEntries.after',
      'createRole.input.permissions',
    ]),
  );
  expect(listPlaces.length).toBeGreaterThan(1);
});

describe('95 kB of combining marks', () => {
  test.each(textPlaces.map((place) => [place.name, place] as const))('%s', async (_name, place) => {
    const text = `a${marks}`;
    const { answer } = await measured(gateway, byVariable(place, text));
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ code: 'TOO_LONG' }] });
    await expectRefused(byVariable(place, text));
    await expectRefused(byLiteral(place, text));
    await expectUncounted(byVariable(place, text));
  });
});

describe('a full body', () => {
  test.each(listPlaces.map((place) => [place.name, place] as const))('a list in %s', async (_name, place) => {
    for (const items of [Array(45_000).fill(1), Array(24_000).fill('')]) {
      await expectRefused(byVariable(place, items));
      await expectUncounted(byVariable(place, items));
    }
    await expectRefused(byLiteral(place, Array(900).fill('')));
  });

  test.each(objectPlaces.map((place) => [place.name, place] as const))('an object in %s', async (_name, place) => {
    const unknown = Object.fromEntries(Array.from({ length: 8000 }, (_, index) => [`k${index}`, 1]));
    await expectRefused(byVariable(place, unknown));
    await expectUncounted(byVariable(place, unknown));
  });
});

describe('the longest text', () => {
  const passwordOf = (length: number) => byVariable(placeNamed('login.input.password'), 'x'.repeat(length));
  const placeNamed = (name: string) => {
    const place = inputPlaces.find((one) => one.name === name);
    if (!place) throw new Error(`there is no ${name}`);
    return place;
  };

  test('of a password has 1024 units, with or without an account', async () => {
    expect((await answerOf(gateway.post(passwordOf(1024)))).errors[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
    expect((await answerOf(gateway.post(passwordOf(1025)))).errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'v.password', code: 'TOO_LONG' }],
    });
  });

  test('of other fields has 512', async () => {
    const token = (length: number) => byVariable(placeNamed('verifyEmail.input.token'), 'x'.repeat(length));
    expect((await answerOf(gateway.post(token(512)))).errors[0]?.extensions.code).toBe('INVALID_TOKEN');
    expect((await answerOf(gateway.post(token(513)))).errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('is the same for a variable, its default and a literal', async () => {
    const long = JSON.stringify('x'.repeat(600));
    const login = (password: string) =>
      `login(input: { email: "a@example.com", password: ${password} }) { __typename }`;
    const verify = (token: string) => `verifyEmail(input: { token: ${token} }) { verified }`;
    for (const query of [`mutation { ${verify(long)} }`, `mutation ($t: String! = ${long}) { ${verify('$t')} }`])
      expect((await answerOf(gateway.post({ query }))).errors[0]?.extensions.fields?.[0]?.code).toBe('TOO_LONG');
    const query = `mutation ($t: String!) { ${verify('$t')} }`;
    const { errors } = await answerOf(gateway.post({ query, variables: { t: 'x'.repeat(600) } }));
    expect(errors[0]?.extensions.fields).toMatchObject([{ path: 't', code: 'TOO_LONG' }]);
    expect((await answerOf(gateway.post({ query: `mutation { ${login(long)} }` }))).errors[0]?.extensions.code).toBe(
      'INVALID_CREDENTIALS',
    );
  });
});
