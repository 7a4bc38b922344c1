/** Runs an operation on behalf of its caller: decides on its fields, removes what is refused, executes the rest, completes the response. */
import type { Caller, Problem } from '@postern/verify';
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isNonNullType,
  OperationTypeNode,
} from 'graphql';
import { complete } from './authorization/completion.ts';
import { type AuthorizationOptions, authorize, type Denials } from './authorization/decisions.ts';
import { requirementsOf } from './authorization/directives.ts';
import { prune } from './authorization/pruning.ts';
import {
  type Operation,
  operationIn,
  type ProtectedField,
  protectedFields,
  visitFields,
} from './authorization/selections.ts';
import { subgraphsOf } from './authorization/subgraphs.ts';
import type { Callers } from './callers.ts';
import { costProblem, type DocumentLimits } from './documents/limits.ts';
import type { Limits } from './limits.ts';
import type { GatewayMetrics } from './process/metrics.ts';
import { fieldError, isUnavailable, requestError, unavailable } from './refusals.ts';
import { limitKeyOf } from './source.ts';

/** The caller of one request, and what its subgraph requests need. */
export interface RequestState {
  authorization: string | null;
  source: string;
  headers: Headers;
  /** Of all subgraphs but Postern's. */
  audiences: readonly string[];
  caller: Caller | null;
  problem: Problem | null;
}

export interface ExecutionArguments {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface OperationOptions extends AuthorizationOptions {
  callers: Callers;
  limits: Limits;
  metrics: GatewayMetrics;
  posternSubgraph: string;
  /** Null: the engine of the operator limits documents. */
  documents: DocumentLimits | null;
  audiencesOf(schema: GraphQLSchema): readonly string[];
}

/** `document`: what the engine executes, or null when nothing is left. `complete`: of each result. */
export type Prepared =
  | { refusals: readonly GraphQLError[] }
  | { document: DocumentNode | null; complete(result: ExecutionResult): ExecutionResult };

/** By operation: a document that the engine keeps is analysed once. */
const analyses = new WeakMap<object, { schema: GraphQLSchema; fields: ReadonlyMap<FieldNode, ProtectedField> }>();

export async function prepare(
  { schema, document, operationName, variableValues }: ExecutionArguments,
  state: RequestState,
  options: OperationOptions,
): Promise<Prepared> {
  const operation = operationIn(schema, document, operationName);
  state.audiences = options.audiencesOf(schema);
  // The engine reports what is wrong.
  if (!operation) return { document, complete: (result) => result };
  const isPosterns = isPosternMutation(operation, options.posternSubgraph);
  const all = analyse(operation);
  const fields = isPosterns ? withoutPostern(operation, all, options.posternSubgraph) : all;
  if (!isPosterns || fields.size > 0) {
    const refusal = await identify(state, options);
    if (refusal) return { refusals: [refusal] };
  }
  const variables = variablesOf(operation, variableValues ?? {});
  if (variables === null) return { refusals: [requestError('BAD_USER_INPUT')] };
  const tooCostly = options.documents && costProblem(operation, variables, options.documents);
  if (tooCostly) return { refusals: [tooCostly] };
  const denials = await authorize(operation, fields, variables, state, options);
  for (const denied of denials.values())
    for (const { directive } of [...denied.values()].slice(0, 1)) options.metrics.denial(directive);
  const completeWith = (result: ExecutionResult) =>
    denials.size > 0 || result.errors ? complete(operation, variables, denials, result, options) : result;
  if (denials.size === 0) return { document, complete: completeWith };
  const isPointless = decidesRoot(operation, variables, denials);
  return { document: isPointless ? null : prune(operation, fields, denials, variables), complete: completeWith };
}

/** Sets caller and problem of the state. @returns why the request is refused */
async function identify(state: RequestState, { callers, limits }: OperationOptions): Promise<GraphQLError | null> {
  Object.assign(state, await callers.identify(state, state.audiences));
  if (isUnavailable(state.problem)) return unavailable();
  const retryAfter = await limits.caller(state.caller ? subjectOf(state.caller) : limitKeyOf(state.source));
  if (retryAfter === null) return null;
  return requestError('RATE_LIMITED', { retryAfter }, { 'retry-after': String(retryAfter) });
}

function subjectOf(caller: Caller): string {
  return caller.kind === 'service' ? caller.serviceAccountId : caller.userId;
}

function analyse(operation: Operation): ReadonlyMap<FieldNode, ProtectedField> {
  const { definition, schema } = operation;
  const known = analyses.get(definition);
  if (known?.schema === schema) return known.fields;
  const fields = protectedFields(operation, requirementsOf(schema));
  analyses.set(definition, { schema, fields });
  return fields;
}

/** Sign-in and all other mutations of Postern: Postern decides, and the credential may have expired. */
function isPosternMutation(operation: Operation, postern: string): boolean {
  if (operation.definition.operation !== OperationTypeNode.MUTATION) return false;
  const root = operation.schema.getMutationType();
  const subgraphs = subgraphsOf(operation.schema);
  let isAll = true;
  visitFields(operation, null, ({ name }, owner) => {
    if (owner === root && !subgraphs.resolvesAlone(postern, owner.name, name.value)) isAll = false;
  });
  return isAll;
}

function withoutPostern({ schema }: Operation, fields: ReadonlyMap<FieldNode, ProtectedField>, postern: string) {
  const subgraphs = subgraphsOf(schema);
  const others = [...fields].filter(
    ([{ name }, { owner }]) => !subgraphs.resolvesAlone(postern, owner.name, name.value),
  );
  return new Map(others);
}

function variablesOf({ schema, definition }: Operation, values: Readonly<Record<string, unknown>>) {
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], values);
  return coerced ?? null;
}

/** Whether the refusals decide the response: every root field is refused, or one of them cannot be null. */
function decidesRoot(operation: Operation, variables: Readonly<Record<string, unknown>>, denials: Denials): boolean {
  const root = operation.schema.getRootType(operation.definition.operation);
  let isOpen = false;
  let isNull = false;
  visitFields(operation, variables, (node, owner) => {
    if (owner !== root) return;
    if (!denials.has(node)) isOpen = true;
    else if (isNonNullType(owner.getFields()[node.name.value]?.type)) isNull = true;
  });
  return isNull || !isOpen;
}

/** The last result of a subscription whose caller may no longer receive it. */
export function endError(problem: Problem): GraphQLError {
  return isUnavailable(problem) ? unavailable() : fieldError('UNAUTHENTICATED', { reason: problem });
}
