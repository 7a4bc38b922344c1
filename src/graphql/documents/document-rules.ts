/**
 * Rules for valid documents. A document may contain one mutation: 10,000 aliased sign-ins would otherwise be one request
 * (measured: 113 ms).
 */
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { tooMuch } from './document-limits.ts';
import { oncePerFragment } from './fragments.ts';

/** graphql would find it during execution only, and report an internal error. */
export function onlyOperationsOfTheSchema(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(new GraphQLError(`The schema has no ${node.operation}.`, { nodes: node }));
    },
  };
}

/** Subscriptions have an endpoint of their own, which evaluates their permission before each event. */
export function noSubscription(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (node.operation !== OperationTypeNode.SUBSCRIPTION) return;
      context.reportError(new GraphQLError('Send subscriptions to /graphql/stream.', { nodes: node }));
    },
  };
}

/** Counts through fragments. */
export function oneMutationADocument(context: ValidationContext): ASTVisitor {
  let mutations = 0;
  const countSpread = oncePerFragment({
    find: (name) => context.getFragment(name),
    measure: ({ selectionSet }) => countFields(selectionSet),
    none: 0,
  });

  function countFields(selectionSet: SelectionSetNode): number {
    return selectionSet.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + countFields(selection.selectionSet);
      return sum + countSpread(selection.name.value);
    }, 0);
  }

  return {
    OperationDefinition(node) {
      if (node.operation !== OperationTypeNode.MUTATION) return;
      mutations += countFields(node.selectionSet);
      if (mutations > 1)
        context.reportError(
          tooMuch('A document may contain one mutation only. Send one request per mutation.', [node]),
        );
    },
  };
}
