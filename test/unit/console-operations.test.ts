/** The prepared operations of the consoles (http/pages/console-operations.ts): each is valid in the served schema. */
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { oneMutationADocument } from '../../src/graphql/documents/document-rules.ts';
import { buildTypes } from '../../src/graphql/schema.ts';
import { consoleOperations, documentOf } from '../../src/http/pages/console-operations.ts';

const schema = buildTypes();
const operations = consoleOperations.map((operation) => [operation.name, operation] as const);

describe('an operation of the console', () => {
  test.each(operations)('%s is one that the gateway answers', (name, operation) => {
    const document = parse(documentOf(operation));
    expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
    expect(validate(schema, document, [oneMutationADocument])).toEqual([]);
    expect(document.definitions).toMatchObject([{ kind: 'OperationDefinition', name: { value: name } }]);
  });

  test.each(operations)('%s comes with exactly the variables it takes', (_name, operation) => {
    const [definition] = parse(documentOf(operation)).definitions;
    const taken = definition && 'variableDefinitions' in definition ? (definition.variableDefinitions ?? []) : [];
    const names = taken.flatMap((one) => ('variable' in one ? [one.variable.name.value] : []));
    expect(names.toSorted()).toEqual(Object.keys(operation.variables).toSorted());
  });

  test.each(operations)('%s has a description that fits beside the response', (_name, operation) => {
    const lines = documentOf(operation).split('\n');
    expect(lines[0]).toMatch(/^# [A-Z]/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(70);
  });
});

test('a variable has the same meaning in every operation, because Sandbox shares one pane', () => {
  const shared = Object.assign({}, ...consoleOperations.map(({ variables }) => variables));
  for (const { variables } of consoleOperations) {
    expect(shared).toMatchObject(variables);
  }
});
