/**
 * Arbitrary input over HTTP: every mutation with inputs generated from the schema, so that a new mutation is covered
 * automatically; and invalid bodies, documents, headers and URLs. No response is a 500, hangs or echoes the input.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, answerOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, lockoutOff, registerUser, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';

/** Stands in each place where a client could put a secret by mistake. */
const planted = 'zebra-7-correct-horse';
const answerWithinMs = 5000;
/** The codes of errors that the caller causes. They are responses; a crash is not among them. */
const crashes = /INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE/;

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

let email: string;
const gateway = useGateway({ ...lockoutOff, TRUSTED_PROXIES: '127.0.0.0/8' });
beforeAll(async () => {
  email = await registerUser(gateway);
  // A caller with more permissions reaches more code.
  await gateway.database.query("update users set role_name = 'SUPER_ADMIN' where email = $1", [email]);
});

/** Checks what every response must be, and returns it. */
async function inOrder(request: Promise<Response>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await answerOf(request);
  expect(performance.now() - startedAt).toBeLessThan(answerWithinMs);
  expect(answer.text).not.toContain(planted);
  expect(answer.text).not.toMatch(crashes);
  expect(answer.status === 503 || answer.status < 500).toBe(true);
  return answer;
}

const hostileText = fc.constantFrom(
  planted,
  `\u0000${planted}`,
  `${planted}@example.com`,
  `${planted}\r\nBcc: everybody@example.com`,
  `'; drop table users; -- ${planted}`,
  `\ud800${planted}`,
  `${planted.repeat(300)}`,
  `{{${planted}}}`,
  '',
  ' ',
  '\u202e\u0000',
  '__proto__',
  '00000000-0000-0000-0000-000000000000',
);
const anyText = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.emailAddress(),
  fc.uuid(),
  fc.constant(goodPassword),
);
const anyValue = fc.oneof(
  { depthSize: 'small' },
  fc.jsonValue(),
  anyText,
  fc.constant({ $ne: planted }),
  fc.constant([planted]),
);

/** Mostly a value of the type, sometimes another one. */
function valuesOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return oftenFitting(type.ofType);
  return fc.oneof(
    { weight: 4, arbitrary: oftenFitting(type) },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );
}

function oftenFitting(type: GraphQLInputType): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 15, arbitrary: fitting(type) }, { weight: 1, arbitrary: anyValue });
}

function fitting(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return fitting(type.ofType);
  if (isListType(type)) return fc.array(valuesOf(type.ofType), { maxLength: 5 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field) => [field.name, valuesOf(field.type)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: Object.keys(type.getFields()) });
  }
  if (type.name === 'Int' || type.name === 'Float') return fc.oneof(fc.integer(), fc.double(), fc.constant(2 ** 60));
  if (type.name === 'Boolean') return fc.boolean();
  if (type.name === 'JSONObject') return fc.dictionary(fc.oneof(anyText, fc.constantFrom('id', 'response')), anyValue);
  if (type.name === 'EmailAddress') return fc.oneof(fc.constant(email), fc.emailAddress(), anyText);
  return anyText;
}

function documentOf({ name, args }: GraphQLField<unknown, unknown>): string {
  const variables = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const given = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  return `mutation (${variables}) { ${name}(${given}) { __typename } }`;
}

describe('every mutation with arbitrary input', () => {
  test('is a mutation of the schema', () => {
    expect(mutations.map(({ name }) => name)).toEqual(expect.arrayContaining(['login', 'register', 'refresh']));
  });

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('%s', async (_name, mutation) => {
    // A user of its own: arbitrary input can be right, and change the password.
    const { accessToken } = await signIn(gateway, await registerUser(gateway));
    const query = documentOf(mutation);
    const given = fc.record(Object.fromEntries(mutation.args.map(({ name, type }) => [name, valuesOf(type)])));
    const asked = fc.asyncProperty(given, fc.boolean(), async (variables, signedIn) => {
      await inOrder(gateway.post({ query, variables }, signedIn ? bearer(accessToken) : {}));
    });
    await fc.assert(asked, { numRuns: 60, endOnFailure: true });
  });

  test('leaves no input in the log or in the audit trail', async () => {
    expect(gateway.logs.join('\n')).not.toContain(planted);
    const entries = await gateway.database.query('select * from audit_entries');
    expect(JSON.stringify(entries)).not.toContain(planted);
  });
});

describe('invalid requests', () => {
  const headerText = fc.oneof(
    fc.string({ maxLength: 200 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
    fc.constantFrom(planted, `Bearer ${planted}`, 'Bearer a.b.c', `${planted}=x; __Host-postern_refresh=${planted}`),
  );

  test('bodies of any JSON', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyValue,
          fc.record({ query: anyValue, variables: anyValue, operationName: anyValue, extensions: anyValue }),
        ),
        async (body) => {
          const { status } = await inOrder(gateway.post(JSON.stringify(body) ?? ''));
          expect([200, 400]).toContain(status);
        },
      ),
      { numRuns: 150 },
    ));

  test('documents of any text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText,
          fc.string({ unit: fc.constantFrom(...'{}(){}():!$@...""abc 1#,\n', 'viewer', 'query ', 'fragment ') }),
        ),
        async (query) => {
          expect((await inOrder(gateway.post({ query }))).status).toBe(400);
        },
      ),
      { numRuns: 200 },
    ));

  test('headers of any text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom(
            'authorization',
            'cookie',
            'x-forwarded-for',
            'x-csrf-token',
            'x-device-token',
            'x-request-id',
            'origin',
            'accept',
            'user-agent',
            'content-type',
          ),
          headerText,
        ),
        async (headers) => {
          // A valid request id is kept and returned, as intended.
          const { 'x-request-id': requestId = '', ...others } = headers;
          const query = 'mutation { refresh(input: {}) { __typename } }';
          const kept = requestId.includes(planted) ? {} : { 'x-request-id': requestId };
          await inOrder(gateway.post({ query }, { ...others, ...kept }));
        },
      ),
      { numRuns: 200 },
    ));

  test('URLs of any text', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(headerText, fc.webQueryParameters()), fc.boolean(), async (search, asQuery) => {
        const path = asQuery ? `/graphql?${search}` : `/${encodeURI(search)}`;
        const { status } = await inOrder(
          fetch(`${gateway.url}${path}`, { headers: { 'apollo-require-preflight': '1' }, redirect: 'manual' }),
        );
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    ));
});
