/** The arguments of an operation are found once per document; their values are judged at every call (graphql/documents/input-limits.ts). */
import { buildSchema, type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { inputProblems } from '../../src/graphql/documents/input-limits.ts';

const schema = buildSchema('type Query { echo(text: String, other: String): String }');
const long = 'x'.repeat(513);

function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
}

function codesOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Record<string, unknown>) {
  return inputProblems({ schema, document, operation, variables }).map(({ path, code }) => `${path} ${code}`);
}

test('each call judges its own variables, in whatever order they come', () => {
  const document = parse('query ($text: String) { echo(text: $text) }');
  const [operation] = operationsOf(document);
  if (!operation) throw new Error('the document has no operation');
  expect(codesOf(document, operation, { text: 'short' })).toEqual([]);
  expect(codesOf(document, operation, { text: long })).toEqual(['text TOO_LONG']);
  expect(codesOf(document, operation, { text: 'short' })).toEqual([]);
  expect(codesOf(document, operation, { text: '\ud800' })).toEqual(['text INVALID_CHARACTERS']);
});

test('each operation of a document has arguments of its own', () => {
  const document = parse(
    `query A { echo(text: "${long}") } query B($other: String) { echo(other: $other) } query C { echo }`,
  );
  const codes = operationsOf(document).map((operation) => codesOf(document, operation, { other: long }));
  expect(codes).toEqual([['text TOO_LONG'], ['other TOO_LONG'], []]);
});
