/**
 * Stands for the package `graphql` in the pages: all their documents are texts. graphql-request then sends a document
 * without the name of its operation.
 */
export const Kind = { OPERATION_DEFINITION: 'OperationDefinition' };

export class GraphQLError extends Error {}

export function parse(): never {
  throw new Error('The pages send documents as texts.');
}

export const print = parse;
