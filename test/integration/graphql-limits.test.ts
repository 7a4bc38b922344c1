/**
 * Documents that cost more than their size suggests: each is refused completely, without a hash or a row.
 * bench/refusals.ts measures how soon, and that other requests do not wait meanwhile.
 */
import { getIntrospectionQuery } from 'graphql';
import { auditServer } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { costlyDocuments, many, signIn } from '../support/gateway/costly-documents.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';

const gateway = useGateway();
const strict = useGateway({ SANDBOX: 'false', INTROSPECTION: 'false' }, gateway);

const ask = (query: string, variables = {}) => answerOf(gateway.post({ query, variables }));

describe('refused', () => {
  test.each(costlyDocuments)('%s', async (_what, document, code) => {
    const answer = await ask(document);
    expect(answer.status).toBe(400);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.errors.length).toBeLessThanOrEqual(5);
    const expected = code === 'ANY' ? /^GRAPHQL_(VALIDATION|PARSE)_FAILED$/ : new RegExp(`^${code}$`);
    for (const { extensions } of answer.errors) expect(extensions.code).toMatch(expected);
  });

  test('without a trace of an attempt', async () => {
    expect(await gateway.database.query("select id from audit_entries where action like 'login%'")).toHaveLength(0);
    expect(await gateway.database.query('select key from attempt_counters')).toHaveLength(0);
  });

  test('with a message that names the excess without text of the document', async () => {
    const { errors, text } = await ask(`{ ${many(300, () => 'zebra: viewer { id }')} }`);
    expect(errors.map(({ message }) => message)).toEqual([
      'This document selects a field more than 30 times in one place.',
    ]);
    expect(text).not.toContain('zebra');
  });

  test('also when the length of a page is a variable', async () => {
    const query = `query ($n: Int) { ${many(60, (n) => `v${n}: viewer { sessions(first: $n) { edges { node { id } } } }`)} }`;
    const { status, errors } = await ask(query, { n: 100 });
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect((await ask(query, { n: 5 })).status).toBe(200);
  });
});

describe('requests of clients and tools are accepted', () => {
  test('the introspection query in every form that tools send', async () => {
    for (const options of [
      {},
      { descriptions: false },
      {
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      },
    ]) {
      const answer = await ask(getIntrospectionQuery(options));
      expect(answer.status).toBe(200);
      expect(answer.errors).toEqual([]);
    }
  });

  test('but not with introspection off, in any form', async () => {
    for (const query of [
      getIntrospectionQuery(),
      '{ viewer { id } ...F } fragment F on Query { s: __schema { types { name } } }',
      '{ ... on Query { __type(name: "Viewer") { fields { name } } } }',
    ]) {
      const { status, errors, text } = await answerOf(strict.post({ query }));
      expect([status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
      expect(text).not.toMatch(/did you mean|AuthSession/i);
    }
  });
});

describe('GraphQL over HTTP', () => {
  const statusOf = async (query: string, accept?: string) =>
    (await answerOf(gateway.post({ query }, accept === undefined ? {} : { accept }))).status;

  test.each([undefined, '*/*', 'application/graphql-response+json', 'application/json, */*;q=0.1'])(
    'returns 400 for an invalid document to clients that accept its media type: %s',
    async (accept) => {
      expect(await statusOf('{ nothing }', accept)).toBe(400);
      expect(await statusOf('{', accept)).toBe(400);
    },
  );

  test('returns 200 to clients that only accept application/json, but never for a document that is too large', async () => {
    expect(await statusOf('{ nothing }', 'application/json')).toBe(200);
    expect(await statusOf('{', 'application/json')).toBe(200);
    for (const query of [
      `{ ${many(300, () => 'viewer { id }')} }`,
      `{ ${many(2001, () => 'id')} }`,
      `mutation { a: ${signIn} b: ${signIn} }`,
      `{ ${many(60, (n) => `v${n}: viewer { sessions(first: 100) { edges { node { id } } } }`)} }`,
    ]) {
      expect(await statusOf(query, 'application/json')).toBe(400);
    }
  });

  test('passes every required and recommended audit of the specification', async () => {
    const results = await auditServer({ url: `${gateway.url}/graphql`, fetchFn: fetch });
    expect(results.length).toBeGreaterThan(50);
    const failed = results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`]));
    expect(failed.filter((name) => /^(MUST|SHOULD)/.test(name))).toEqual([]);
  });
});
