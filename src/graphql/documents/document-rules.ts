/**
 * What a document may not do, however valid it is. One mutation a document: 10,000 aliased sign-ins would otherwise be
 * one request (measured: 113 ms).
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

/** graphql itself would only notice while executing, and call it an internal error. */
export function onlyOperationsOfTheSchema(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(new GraphQLError(`The schema has no ${node.operation}.`, { nodes: node }));
    },
  };
}

/** Counts through fragments, each of which is looked into once. */
export function oneMutationADocument(context: ValidationContext): ASTVisitor {
  let mutations = 0;
  const known = new Map<string, number>();

  function countFields(selectionSet: SelectionSetNode): number {
    return selectionSet.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + countFields(selection.selectionSet);
      return sum + countSpread(selection.name.value);
    }, 0);
  }

  function countSpread(name: string): number {
    const counted = known.get(name);
    if (counted !== undefined) return counted;
    // A fragment that spreads itself is another rule's to refuse; here it just must end.
    known.set(name, 0);
    const fragment = context.getFragment(name);
    const count = fragment ? countFields(fragment.selectionSet) : 0;
    known.set(name, count);
    return count;
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
