/**
 * Bounds every string, list and free-form object of an operation, in variables, literals and defaults alike, before any
 * rule, normalisation, hash or query works on it.
 */
import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { FieldProblem } from '../../domain/errors.ts';
import { type Place, placeOf } from './bounds.ts';
import { LiteralCheck } from './literal-limits.ts';
import { firstProblems } from './problems.ts';

export interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** @returns at most five problems */
export function inputProblems(asked: Operation): FieldProblem[] {
  const { operation, variables } = asked;
  const given = argumentsOf(asked);
  if (given.length === 0) return [];
  return firstProblems((report) => {
    const literals = new LiteralCheck(operation, variables, report);
    for (const { value, type, place } of given) literals.check(value, type, place);
  });
}

/** An argument as it is written in a document: a literal or a variable. */
interface GivenArgument {
  value: ValueNode;
  type: GraphQLInputType;
  place: Place;
}

/** By operation of a parsed document, which Apollo keeps. They depend on the schema and the document, not on variables. */
const known = new WeakMap<OperationDefinitionNode, readonly GivenArgument[]>();

function argumentsOf(asked: Operation): readonly GivenArgument[] {
  const found = known.get(asked.operation) ?? findArguments(asked);
  known.set(asked.operation, found);
  return found;
}

function findArguments({ schema, document, operation }: Operation): readonly GivenArgument[] {
  const types = new TypeInfo(schema);
  const found: GivenArgument[] = [];
  const visitor = visitWithTypeInfo(types, {
    OperationDefinition: (node) => (node === operation ? undefined : false),
    Argument({ name, value }) {
      const type = types.getInputType();
      if (type) found.push({ value, type, place: placeOf([], name.value, type) });
      return false;
    },
  });
  visit(document, visitor);
  return found;
}
