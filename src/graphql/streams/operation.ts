/** Checks the document of a stream by the rules of `/graphql`, and finds its one root field. */
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { maxErrors, maxTokens, withinLimits } from '../documents/document-limits.ts';
import { oneMutationADocument, onlyOperationsOfTheSchema } from '../documents/document-rules.ts';
import { operationProblem } from '../documents/operation-problem.ts';

/** The body of a request. Unchecked. */
export interface StreamRequest {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
}

export interface StreamOperation {
  document: DocumentNode;
  operationName: string | null;
  /** Of its only root field. */
  field: FieldNode;
  variables: Readonly<Record<string, unknown>>;
}

/** Clients of one application send the same few documents. */
const rememberedDocuments = 100;
const rememberedUnits = 500_000;

export class StreamOperations {
  readonly #schema: GraphQLSchema;
  readonly #rules: Parameters<typeof validate>[2];
  readonly #valid = new LRUCache<string, DocumentNode>({
    max: rememberedDocuments,
    maxSize: rememberedUnits,
    sizeCalculation: (_document, text) => text.length + 1,
  });

  constructor(schema: GraphQLSchema, introspection: boolean) {
    this.#schema = schema;
    this.#rules = [
      withinLimits,
      oneMutationADocument,
      onlyOperationsOfTheSchema,
      ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
      ...specifiedRules,
    ];
  }

  /** @returns the errors of an operation that is not executed */
  prepare({ query, variables, operationName }: StreamRequest): StreamOperation | GraphQLError[] {
    if (typeof query !== 'string') return [badRequest('Send the document as `query`.')];
    if (!isAbsent(operationName) && typeof operationName !== 'string')
      return [badRequest('Send `operationName` as a string.')];
    if (!isAbsent(variables) && !isRecord(variables)) return [badRequest('Send `variables` as an object.')];
    const document = this.#documentOf(query);
    if (!('kind' in document)) return document;
    const operation = getOperationAST(document, operationName || null);
    if (!operation) return [badRequest('Name one operation of the document in `operationName`.')];
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
      return [badRequest('This endpoint executes subscriptions only. Send queries and mutations to /graphql.')];
    return this.#withVariables(document, operation, variables ?? {});
  }

  #documentOf(text: string): DocumentNode | GraphQLError[] {
    const known = this.#valid.get(text);
    if (known) return known;
    try {
      const document = parse(text, { maxTokens });
      const errors = validate(this.#schema, document, this.#rules, { maxErrors, hideSuggestions: true });
      if (errors.length > 0)
        return errors.slice(0, maxErrors).map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
      this.#valid.set(text, document);
      return document;
    } catch (error) {
      if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  }

  #withVariables(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
  ): StreamOperation | GraphQLError[] {
    const problem = operationProblem({ schema: this.#schema, document, operation, variables });
    if (problem) return [problem];
    const { coerced } = getVariableValues(this.#schema, operation.variableDefinitions ?? [], variables);
    const field = firstField(operation.selectionSet, document);
    if (!coerced || !field) return [badRequest('Select one field of the type Subscription.')];
    return { document, operationName: operation.name?.value ?? null, field, variables: coerced };
  }
}

/** A rule of graphql allows one root field; it may be in a fragment. */
function firstField(set: SelectionSetNode, document: DocumentNode): FieldNode | null {
  const [selection] = set.selections;
  if (selection === undefined || selection.kind === Kind.FIELD) return selection ?? null;
  if (selection.kind === Kind.INLINE_FRAGMENT) return firstField(selection.selectionSet, document);
  const fragment = document.definitions.find(
    (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
  );
  return fragment?.kind === Kind.FRAGMENT_DEFINITION ? firstField(fragment.selectionSet, document) : null;
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const extensions = { code, ...error.extensions };
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    positions: error.positions ?? null,
    extensions,
  });
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
