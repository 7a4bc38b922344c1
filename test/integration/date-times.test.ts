/**
 * Every DateTime input of the schema accepts each time within its range, and refuses each time outside of it by field.
 */
import { getNamedType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { byDefault, byLiteral, byVariable, inputPlaces } from '../support/gateway/input-places.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { createUserWithRole, lockoutAndVerificationOff } from '../support/people/users-with-roles.ts';

const places = inputPlaces.filter(({ type }) => getNamedType(type).name === 'DateTime');
const ways = [byVariable, byLiteral, byDefault];

const outside = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-00:01',
  '9999-12-31T23:59:60Z',
  '-000001-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '+999999-12-31T23:59:59Z',
];
const inside = [
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59-00:01',
  '2016-12-31T23:59:60Z',
  '2017-01-01T05:29:60+05:30',
  '2024-02-29T12:00:00.123456789+14:00',
  '2026-01-31t10:15:30z',
  '9999-12-31T23:59:59.999Z',
];
const malformed = [
  '',
  'yesterday',
  '2026-01-31',
  '2026-01-31T10:15:30',
  '2026-01-31 10:15:30Z',
  '2023-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:60:00Z',
  '2026-01-01T00:00:61Z',
  '2026-01-01T00:00:00+24:00',
  '٢٠٢٦-01-01T00:00:00Z',
  `2026-01-01T00:00:00.${'0'.repeat(400)}Z`,
];

let accessToken: string;
const gateway = useGateway(lockoutAndVerificationOff);
beforeAll(async () => {
  ({ accessToken } = await createUserWithRole(gateway, 'SUPER_ADMIN'));
});

const ask = (body: object) => answerOf(gateway.post(body, { authorization: `Bearer ${accessToken}` }));

test('the schema has inputs for each kind', () => {
  expect(places.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'revokeOtherSessions.input.signedInBefore',
      'exportMyData.input.since',
      'users.where.createdFrom',
      'auditEntries.where.until',
      'securityOverview.since',
    ]),
  );
});

describe.each(places.map((place) => [place.name, place] as const))('%s', (name, place) => {
  test.each(outside)('refuses %s as a field error', async (time) => {
    for (const send of ways) {
      const { status, errors } = await ask(send(place, time));
      expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ code: 'OUT_OF_RANGE' }] });
      expect(errors[0]?.extensions.fields?.[0]?.path.split('.').at(-1)).toBe(
        place.path.at(-1)?.name ?? (send === byLiteral ? place.argument.name : 'v'),
      );
      expect(status).toBe(400);
    }
  });

  test.each(inside)('accepts %s', async (time) => {
    for (const send of ways) {
      const { errors } = await ask(send(place, time));
      const problems = errors.flatMap(({ extensions }) => extensions.fields ?? []);
      // The overviews accept a period of the last 31 days, which their own messages say.
      const ownRule = /^(security|risk)Overview\./.test(name) ? place.argument.name : null;
      expect(problems.filter(({ path }) => path !== ownRule)).toEqual([]);
      expect(errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL_SERVER_ERROR');
      expect(errors.map(({ extensions }) => extensions.code)).not.toContain('GRAPHQL_VALIDATION_FAILED');
    }
  });

  test.each(malformed)('refuses %j, which is not a time', async (text) => {
    const { errors } = await ask(byVariable(place, text));
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ code: 'WRONG_TYPE' }] });
    for (const send of [byLiteral, byDefault])
      expect((await ask(send(place, text))).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
