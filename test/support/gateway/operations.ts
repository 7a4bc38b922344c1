/** The generated operations as bodies of requests, for tests that send requests by hand. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

export function bodyOf<Result, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): { query: string; variables: Variables } {
  return { query: print(document), variables };
}
