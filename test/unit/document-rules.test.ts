/** Document rules (graphql/documents/document-rules.ts): one mutation in a document, in any form. */
import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { oneMutationADocument } from '../../src/graphql/documents/document-rules.ts';

const schema = buildSchema(`
  type Query { viewer: Int, policy: Int }
  type Payload { a: Int, b: Int, c: Int }
  type Mutation { login(n: Int): Payload, refresh: Payload }
`);

/** The errors of this rule alone. */
function complaints(document: string): string[] {
  return validate(schema, parse(document), [oneMutationADocument]).map(({ message }) => message);
}

const refusal = 'A document may contain one mutation only. Send one request per mutation.';

describe('accepted', () => {
  test.each([
    ['one mutation', 'mutation { login { a b c } }'],
    ['one mutation under another name', 'mutation { x: login { a } }'],
    ['one mutation in an inline fragment', 'mutation { ... on Mutation { login { a } } }'],
    ['one mutation in a fragment', 'mutation { ...F } fragment F on Mutation { login { a } }'],
    [
      'one mutation three fragments deep',
      'mutation { ...A } fragment A on Mutation { ...B } fragment B on Mutation { ...C } fragment C on Mutation { login { a } }',
    ],
    ['many fields of the result', 'mutation { login { a b c x: a y: a z: a ...P } } fragment P on Payload { a b c }'],
    ['many queries', 'query { viewer policy a: viewer b: viewer c: policy }'],
    ['several read-only operations', 'query A { viewer } query B { policy }'],
    ['a query beside one mutation', 'query A { viewer policy } mutation B { login { a } }'],
    ['unused fragments', 'mutation { login { a } } fragment F on Mutation { login { a } refresh { a } }'],
  ])('%s', (_what, document) => {
    expect(complaints(document)).toEqual([]);
  });
});

describe('refused', () => {
  test.each([
    ['two mutations', 'mutation { login { a } refresh { a } }'],
    ['the same one with two aliases', 'mutation { a: login { a } b: login { a } }'],
    ['the same one twice with different arguments', 'mutation { a: login(n: 1) { a } b: login(n: 2) { a } }'],
    ['one beside an inline fragment', 'mutation { login { a } ... on Mutation { x: login { a } } }'],
    ['two in an inline fragment', 'mutation { ... on Mutation { a: login { a } b: login { a } } }'],
    ['two nested inline fragments', 'mutation { ... { a: login { a } ... { b: login { a } } } }'],
    ['two inline fragments', 'mutation { ... { login { a } } ... { x: login { a } } }'],
    ['one beside a fragment', 'mutation { login { a } ...F } fragment F on Mutation { x: login { a } }'],
    ['two in a fragment', 'mutation { ...F } fragment F on Mutation { a: login { a } b: login { a } }'],
    ['a fragment spread twice', 'mutation { ...F ...F } fragment F on Mutation { login { a } }'],
    [
      'two in nested fragments',
      'mutation { ...A } fragment A on Mutation { a: login { a } ...B } fragment B on Mutation { b: login { a } }',
    ],
    ['two that are skipped', 'mutation { a: login @skip(if: true) { a } b: login @include(if: false) { a } }'],
    ['a mutation after __typename', 'mutation { __typename login { a } }'],
  ])('%s', (_what, document) => {
    expect(complaints(document)).toEqual([refusal]);
  });

  test('several operations with one mutation each', () => {
    expect(complaints('mutation A { login { a } } mutation B { refresh { a } }')).toEqual([refusal]);
  });

  test('several operations that spread the same fragment', () => {
    const document = 'mutation A { ...F } mutation B { ...F } fragment F on Mutation { login { a } }';
    expect(complaints(document)).toEqual([refusal]);
  });

  test('ten thousand aliases', () => {
    const aliases = Array.from({ length: 10_000 }, (_, number) => `a${number}: login { a }`).join(' ');
    expect(complaints(`mutation { ${aliases} }`)).toEqual([refusal]);
  });
});

describe('circular fragments', () => {
  test.each([
    ['one that spreads itself', 'mutation { ...A } fragment A on Mutation { login { a } ...A }'],
    [
      'two that spread each other',
      'mutation { ...A } fragment A on Mutation { login { a } ...B } fragment B on Mutation { ...A }',
    ],
    ['one that contains nothing else', 'mutation { ...A } fragment A on Mutation { ...A }'],
  ])('%s: the check ends, and the document is refused', (_what, document) => {
    expect(() => complaints(document)).not.toThrow();
    const errors = validate(schema, parse(document), [...specifiedRules, oneMutationADocument]);
    expect(errors.length).toBeGreaterThan(0);
  });

  test('a missing fragment is left to validation', () => {
    expect(complaints('mutation { login { a } ...Missing }')).toEqual([]);
  });

  test('fragments that double with every level are counted without being expanded', () => {
    const levels = Array.from({ length: 60 }, (_, n) => `fragment F${n} on Mutation { ...F${n + 1} ...F${n + 1} }`);
    const document = `mutation { ...F0 } ${levels.join(' ')} fragment F60 on Mutation { login { a } }`;
    expect(complaints(document)).toEqual([refusal]);
  });
});
