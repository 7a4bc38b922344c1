/**
 * Checks variables against the schema before graphql does, because graphql's own messages quote the value, which may be
 * a password in the wrong place. Reports the problem of each field, without its value.
 */
import {
  coerceInputValue,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { FieldProblem } from '../../domain/errors.ts';
import { firstProblems } from './problems.ts';

export function variableProblems(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): FieldProblem[] {
  return firstProblems((report) => {
    for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
      const name = variable.name.value;
      const type = typeFromAST(schema, typeNode);
      if (!isInputType(type)) continue;
      const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (given === undefined) {
        if (typeNode.kind === Kind.NON_NULL_TYPE && !defaultValue) report(problem([name], 'REQUIRED'));
        continue;
      }
      const hideSuggestions = true;
      coerceInputValue(
        given,
        type,
        (path, _value, { message }) => {
          const [, missing] = missingField.exec(message) ?? [];
          if (missing) report(problem([name, ...path, missing], 'REQUIRED'));
          else report(problem([name, ...path], unknownField.test(message) ? 'UNKNOWN_FIELD' : 'WRONG_TYPE'));
        },
        hideSuggestions,
      );
    }
  });
}

const messages = {
  REQUIRED: 'This field is required.',
  UNKNOWN_FIELD: 'The input type has no field of this name.',
  WRONG_TYPE: 'The value does not have the type that the schema requires.',
} as const;

/**
 * graphql distinguishes its cases only by their wording. The name of a missing field is from the schema; the name of an
 * unknown one is from the client.
 */
const missingField = /^Field "(\w+)" of required type "[^"]+" was not provided\.$/;
const unknownField = /^Field ".*" is not defined by type "/s;

function problem(path: readonly (string | number)[], code: keyof typeof messages): FieldProblem {
  return { path: path.join('.'), code, message: messages[code] };
}
