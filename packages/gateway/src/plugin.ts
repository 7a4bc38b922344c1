/** The plug-in of Hive Gateway: what happens to a request, to each subgraph request, and to each response. */
import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { subgraphsOf } from './authorization/subgraphs.ts';
import { Callers, ownAudience } from './callers.ts';
import type { DocumentLimits } from './documents/limits.ts';
import { noReservedAliases } from './documents/rules.ts';
import { headersForPostern, headersForSubgraph, stripReserved, withoutForeign } from './headers.ts';
import { Identities } from './identity.ts';
import { createLimits, type Limits } from './limits.ts';
import { endError, type OperationOptions, prepare, type RequestState } from './operations.ts';
import { type PosternGatewayOptions, silentLogger } from './options.ts';
import { type GatewayMetrics, noMetrics } from './process/metrics.ts';
import { fieldError, fieldUnavailable, isUnavailable } from './refusals.ts';
import { guardAnswer, subgraphMs, withoutFailures } from './results/answers.ts';
import { untilEnded } from './results/subscriptions.ts';
import { createSource, limitKeyOf, type SourceOf } from './source.ts';

/** What the plug-in keeps in the context of a request. */
interface PosternContext {
  postern?: RequestState;
  /** The headers of each subgraph request, by the name of the subgraph. */
  posternHeaders?: Map<string, Readonly<Record<string, string>>>;
}

export interface PosternPlugin {
  plugin: GatewayPlugin<PosternContext>;
  callers: Callers;
  limits: Limits;
}

/** @throws GatewayError for options that cannot work */
export function usePostern(options: PosternGatewayOptions): GatewayPlugin<PosternContext> {
  const { plugin, callers, limits } = createPlugin(options, noMetrics, null);
  return {
    ...plugin,
    onDispose() {
      callers.close();
      return limits.close();
    },
  };
}

export function createPlugin(
  options: PosternGatewayOptions,
  metrics: GatewayMetrics,
  documents: DocumentLimits | null,
): PosternPlugin {
  const { issuer, posternUrl = issuer, routerSecret, posternSubgraph = 'accounts', audiences = {} } = options;
  const { environment = 'production', policies = {}, logger = silentLogger, now = () => new Date() } = options;
  const sourceOf = createSource(options.trustedProxies);
  const limits = createLimits(options, logger);
  const identities = new Identities({
    posternUrl: posternUrl.replace(/\/+$/, ''),
    routerSecret,
    now,
    onCall: metrics.identityCall,
  });
  const callers = new Callers(options, identities);
  const audienceOf = (subgraph: string) => audiences[subgraph] ?? subgraph;
  const audiencesOf = (schema: GraphQLSchema) =>
    subgraphsOf(schema)
      .names.filter((name) => name !== posternSubgraph)
      .map(audienceOf);
  const operations: OperationOptions = {
    callers,
    limits,
    metrics,
    posternSubgraph,
    documents,
    audiencesOf,
    policies,
    isVerbose: environment !== 'production',
  };

  const plugin: GatewayPlugin<PosternContext> = {
    async onRequest({ request, serverContext, endResponse, fetchAPI }) {
      stripReserved(request.headers);
      const retryAfter = await limits.source(limitKeyOf(readSource(sourceOf, request, serverContext)));
      if (retryAfter === null) return;
      const error = fieldError('RATE_LIMITED', { retryAfter });
      const headers = { 'retry-after': String(retryAfter) };
      endResponse(fetchAPI.Response.json({ errors: [error.toJSON()] }, { status: 429, headers }));
    },
    onValidate({ addValidationRule }) {
      addValidationRule(noReservedAliases);
    },
    onContextBuilding({ context, extendContext }) {
      const { request } = context;
      // The engine also executes operations of its own.
      if (!request) return;
      const postern: RequestState = {
        authorization: request.headers.get('authorization'),
        source: readSource(sourceOf, request, context),
        headers: request.headers,
        audiences: [],
        caller: null,
        problem: 'NO_CREDENTIALS',
      };
      extendContext({ postern, posternHeaders: new Map() });
    },
    async onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const state: RequestState | undefined = args.contextValue.postern;
      if (!state) return;
      const prepared = await prepare(args, state, operations);
      if ('refusals' in prepared) return setResultAndStopExecution({ errors: prepared.refusals });
      const { document, complete } = prepared;
      if (document === null) return setResultAndStopExecution(complete({ data: {} }));
      setExecuteFn(async (given) => {
        const result: ExecutionResult | AsyncIterable<ExecutionResult> = await executeFn({ ...given, document });
        return Symbol.asyncIterator in result ? result : complete(result);
      });
    },
    async onSubscribe({ args, subscribeFn, setSubscribeFn, setResultAndStopExecution }) {
      const state: RequestState | undefined = args.contextValue.postern;
      if (!state) return;
      const prepared = await prepare(args, state, operations);
      if ('refusals' in prepared) return setResultAndStopExecution({ errors: prepared.refusals });
      const { document, complete } = prepared;
      if (document === null) return setResultAndStopExecution(complete({ data: {} }));
      setSubscribeFn(async (given) => {
        const result: ExecutionResult | AsyncIterable<ExecutionResult> = await subscribeFn({ ...given, document });
        if (!(Symbol.asyncIterator in result)) return complete(result);
        const { caller } = state;
        const problem = () => (caller ? callers.check(caller) : null);
        return untilEnded(result, { complete, problem, last: (found) => ({ errors: [endError(found)] }) });
      });
    },
    async onSubgraphExecute({ subgraphName, executionRequest, setExecutor }) {
      const startedAt = performance.now();
      const context: Partial<PosternContext> = executionRequest.context ?? {};
      const headers = await subgraphHeaders(subgraphName, context.postern);
      if (headers instanceof GraphQLError) {
        setExecutor(() => ({ data: null, errors: [headers] }));
        return;
      }
      context.posternHeaders?.set(subgraphName, headers);
      // Before the engine compares requests: equal ones of different callers differ in these headers.
      const configured: Record<string, string> = executionRequest.extensions?.headers ?? {};
      executionRequest.extensions = { ...executionRequest.extensions, headers: withoutForeign(configured, headers) };
      return ({ result, setResult }) => {
        metrics.subgraphDuration(subgraphName, (performance.now() - startedAt) / 1000);
        if (!(Symbol.asyncIterator in result)) setResult(withoutFailures(result));
      };
    },
    onFetch({ executionRequest, options: given, context, setOptions }) {
      const subgraph = executionRequest?.subgraphName;
      if (subgraph === undefined) return;
      const own = 'posternHeaders' in context ? context.posternHeaders?.get(subgraph) : undefined;
      const isStream = executionRequest?.operationType === 'subscription';
      const deadline = isStream ? [] : [AbortSignal.timeout(subgraphMs)];
      const signal = AbortSignal.any([...(given.signal ? [given.signal] : []), ...deadline]);
      setOptions({ ...given, headers: withoutForeign(given.headers ?? {}, own ?? {}), redirect: 'manual', signal });
      return async ({ response, setResponse }) => setResponse(await guardAnswer(response));
    },
  };
  return { plugin, callers, limits };

  async function subgraphHeaders(subgraph: string, state: RequestState | undefined) {
    if (!state) return {};
    if (subgraph === posternSubgraph) return headersForPostern({ ...state, routerSecret });
    const { caller, authorization, source, audiences } = state;
    if (!caller || authorization === null) return headersForSubgraph(null);
    // The caller may have lost its session since the request began.
    const problem = callers.check(caller);
    if (problem !== null) return refusalOf(problem);
    const audience = audienceOf(subgraph);
    const others = [...audiences, ownAudience];
    const identity = await identities.find({ authorization, source, audiences: [audience], others });
    if (identity.problem !== null) return identity.refusal ?? refusalOf(identity.problem);
    return headersForSubgraph(identity.tokens.get(audience) ?? null);
  }
}

function refusalOf(problem: Parameters<typeof isUnavailable>[0]) {
  return isUnavailable(problem) ? fieldUnavailable() : fieldError('UNAUTHENTICATED', { reason: problem });
}

/** @param context holds the request of Node, where the engine runs in a Node server */
function readSource(sourceOf: SourceOf, request: Request, context: object): string {
  const { req }: { req?: { socket?: { remoteAddress?: string } } } = context;
  return sourceOf(req?.socket?.remoteAddress, request.headers.get('x-forwarded-for'));
}
