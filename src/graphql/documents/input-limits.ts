/**
 * Bounds every string, list and free-form object of an operation, in variables, literals and defaults alike, before any
 * rule, normalisation, hash or query works on it.
 */
import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { FieldProblem } from '../../domain/errors.ts';
import { placeOf } from './bounds.ts';
import { LiteralCheck } from './literal-limits.ts';
import { firstProblems } from './problems.ts';

export interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** @returns at most five problems */
export function inputProblems({ schema, document, operation, variables }: Operation): FieldProblem[] {
  const types = new TypeInfo(schema);
  return firstProblems((report) => {
    const literals = new LiteralCheck(operation, variables, report);
    const visitor = visitWithTypeInfo(types, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Argument(node) {
        const type = types.getInputType();
        if (type) literals.check(node.value, type, placeOf([], node.name.value, type));
        return false;
      },
    });
    visit(document, visitor);
  });
}
