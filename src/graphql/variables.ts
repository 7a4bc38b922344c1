/**
 * Checks variables against the schema before graphql does, because graphql's own messages quote the value - which may
 * be a password in the wrong place. Says for each field what is wrong, and never what it held.
 */
import {
  coerceInputValue,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { FieldProblem } from '../domain/errors.ts';

export function variableProblems(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): FieldProblem[] {
  return (operation.variableDefinitions ?? []).flatMap(({ variable, type: typeNode, defaultValue }) => {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) return [];
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (given === undefined)
      return typeNode.kind === Kind.NON_NULL_TYPE && !defaultValue ? [problem([name], 'REQUIRED')] : [];
    const problems: FieldProblem[] = [];
    coerceInputValue(given, type, (path, _value, error) =>
      problems.push(problem([name, ...path], codeOf(error.message))),
    );
    return problems;
  });
}

const messages = {
  REQUIRED: 'This field is required.',
  UNKNOWN_FIELD: 'There is no such field here.',
  WRONG_TYPE: 'This value does not have the type that the schema asks for.',
} as const;

/** graphql tells its three cases apart by their wording only. */
function codeOf(message: string): keyof typeof messages {
  if (/ is not defined by type "/.test(message)) return 'UNKNOWN_FIELD';
  return /^Field "\w+" of required type "[^"]+" was not provided\.$/.test(message) ? 'REQUIRED' : 'WRONG_TYPE';
}

function problem(path: readonly (string | number)[], code: keyof typeof messages): FieldProblem {
  return { path: path.join('.'), code, message: messages[code] };
}
