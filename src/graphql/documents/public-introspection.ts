/** Introspection for a gateway without a router: `_entities`, `_service` and their types are omitted. */
import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  buildASTSchema,
  executeSync,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { withoutFederation } from '../federation/subgraph-sdl.ts';
import type { Context } from '../request/context.ts';

/**
 * Code generators would otherwise require a mapping of the scalar `_Any`. Queries of the fields still get `FORBIDDEN`.
 */
export function hideFederation(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const visible = buildASTSchema(withoutFederation(schema));
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, operationName, request: { variables } }) {
          const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
          if (!operation || !isIntrospection(operation.selectionSet, fragments)) return null;
          const { data } = executeSync({ schema: visible, document, operationName, variableValues: variables });
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data: data ?? null } } };
        },
      };
    },
  };
}

/** Validation has already rejected unknown fragments and fragment cycles. */
function isIntrospection({ selections }: SelectionSetNode, fragments: readonly FragmentDefinitionNode[]): boolean {
  return selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__');
    if (selection.kind === Kind.INLINE_FRAGMENT) return isIntrospection(selection.selectionSet, fragments);
    const fragment = fragments.find(({ name }) => name.value === selection.name.value);
    return fragment !== undefined && isIntrospection(fragment.selectionSet, fragments);
  });
}
