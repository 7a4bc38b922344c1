/** The limits on the size of a document (graphql/documents/document-limits.ts), and how validation stops above them. */
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { documentLimits, maxErrors, problemOf, withinLimits } from '../../src/graphql/documents/document-limits.ts';

const problem = (document: string) => problemOf(parse(document));
const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');
const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;

describe('accepted', () => {
  test.each([
    ['ten fields inside each other', nested(10)],
    ['ten levels through fragments', `{ a { ...F } } fragment F on T { a { ...G } } fragment G on T ${nested(8)}`],
    ['nested fragments, which add no depth', `{ ${'... { '.repeat(50)} a ${'}'.repeat(50)} }`],
    ['a thousand fields', `{ ${many(999, (n) => `a${n}: b`)} c }`],
    ['the same field thirty times', `{ ${many(30, () => 'a')} }`],
    ['fifty fragments', `{ ${many(50, (n) => `...F${n}`)} } ${many(50, (n) => `fragment F${n} on T { a${n} }`)}`],
    ['a hundred definitions', many(100, (n) => `query Q${n} { a }`)],
    [
      'the introspection query of tools',
      getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    ],
  ])('%s', (_what, document) => {
    expect(problem(document)).toBeNull();
  });
});

const bomb = (levels: number, spreads: number) =>
  `{ ...F0 } ${many(levels, (n) => `fragment F${n} on T { a${n} { ${many(spreads, () => `...F${n + 1}`)} } }`)} fragment F${levels} on T { z }`;

describe('refused', () => {
  test.each([
    ['eleven nested fields', nested(11), /deeper than 10/],
    ['eleven levels through fragments', `{ a { ...F } } fragment F on T ${nested(10)}`, /deeper than 10/],
    ['eleven levels through inline fragments', `{ a { ... on T ${nested(10)} } }`, /deeper than 10/],
    ['eleven levels in the second operation', `query A { a } query B ${nested(11)}`, /deeper than 10/],
    ['more than a thousand fields', `{ ${many(1001, (n) => `a${n}: b`)} }`, /more than 1000 fields/],
    ['a long fragment spread often', nestedDocument(40, 30), /more than 1000 fields/],
    ['fragments that double nine times', bomb(9, 10), /more than 1000 fields/],
    [
      'fragments that double sixty times',
      `{ ...F0 } ${many(60, (n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`)} fragment F60 on T { z }`,
      /more than 1000 fields/,
    ],
    ['the same field 31 times', `{ ${many(31, () => 'a')} }`, /a field more than 30 times/],
    ['the same alias 31 times', `{ ${many(31, (n) => `x: a${n}`)} }`, /a field more than 30 times/],
    [
      'the same field 31 times deeper in the document',
      `{ a { b { ${many(31, () => 'c { d }')} } } }`,
      /a field more than 30 times/,
    ],
    ['the same field in 31 fragments', `{ ${many(31, () => '... { a }')} }`, /a field more than 30 times/],
    [
      'the same field in 31 named fragments',
      `{ ${many(31, (n) => `...F${n}`)} } ${many(31, (n) => `fragment F${n} on T { a }`)}`,
      /a field more than 30 times/,
    ],
    ['51 fragments side by side', `{ ${many(51, (n) => `...F${n}`)} }`, /more than 50 fragments/],
    ['101 definitions', many(101, (n) => `query Q${n} { a }`), /more than 100 definitions/],
  ])('%s', (_what, document, expected) => {
    expect(problem(document)).toMatch(expected);
  });

  /** One fragment of so many fields, spread in so many places. */
  function nestedDocument(fields: number, places: number): string {
    return `{ ${many(places, (n) => `a${n}: b { ...F }`)} } fragment F on T { ${many(fields, (n) => `c${n}`)} }`;
  }
});

describe('circular fragments are visited once', () => {
  test.each([
    ['one', '{ ...F } fragment F on T { a { ...F } }'],
    ['two', '{ ...F } fragment F on T { a { ...G } } fragment G on T { b { ...F } }'],
    [
      'sixteen, each of which spreads all: as many as 2000 tokens hold',
      `{ ...F0 } ${many(16, (n) => `fragment F${n} on T { ${many(16, (m) => `a${m}: b { ...F${m} }`)} }`)}`,
    ],
  ])('%s', (_what, document) => {
    const startedAt = performance.now();
    problem(document);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });

  test('a missing fragment is left to validation', () => {
    expect(problem('{ a ...Missing }')).toBeNull();
  });
});

describe('validation', () => {
  const schema = buildSchema('type Query { viewer: Viewer } type Viewer { id: ID, self: Viewer }');
  const errorsOf = (document: string) =>
    validate(schema, parse(document), [...specifiedRules, withinLimits], { maxErrors }).map(({ message }) => message);

  test('stops when a document is too large, before the quadratic rules run', () => {
    const messages = errorsOf(`{ ${many(490, () => 'viewer { id }')} }`);
    const ours = `This document selects a field more than ${documentLimits.sameName} times in one place.`;
    expect(new Set(messages.slice(0, maxErrors))).toEqual(new Set([ours]));
  });

  test('reports the errors of a document within the limits', () => {
    expect(errorsOf('{ viewer { unknown } }')).toEqual(['Cannot query field "unknown" on type "Viewer".']);
    expect(errorsOf('{ viewer { id } }')).toEqual([]);
  });
});
