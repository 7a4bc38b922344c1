/** Checks an operation of a valid document with its variables: their bounds, their types, and the cost. */
import { GraphQLError, Kind } from 'graphql';
import { Refusal } from '../../domain/errors.ts';
import { inputProblems, type Operation } from './input-limits.ts';
import { costProblem } from './operation-cost.ts';
import { variableProblems } from './variables.ts';

/** @returns null when the operation may be executed */
export function operationProblem({ schema, document, operation, variables }: Operation): GraphQLError | null {
  const tooLong = inputProblems({ schema, document, operation, variables });
  const fields = tooLong.length > 0 ? tooLong : variableProblems(schema, operation, variables);
  if (fields.length > 0) {
    const originalError = new Refusal('BAD_USER_INPUT', { fields });
    return new GraphQLError(originalError.message, { originalError, extensions: { http: { status: 400 } } });
  }
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return costProblem({ schema, operation, fragments, variables });
}
