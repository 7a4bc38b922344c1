/** Apollo Server, with every switch set by hand: left alone, it decides by NODE_ENV what to reveal. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '../logger.ts';
import { maxErrors, maxTokens, withinLimits } from './documents/document-limits.ts';
import { noSubscription, oneMutationADocument, onlyOperationsOfTheSchema } from './documents/document-rules.ts';
import { operationProblem } from './documents/operation-problem.ts';
import { hideFederation } from './documents/public-introspection.ts';
import { rootFields } from './documents/root-fields.ts';
import { type RateLimitOptions, returnPlaces } from './rate-limits/rate-limits.ts';
import type { Context } from './request/context.ts';
import { createErrorFormatter } from './request/errors.ts';
import { answerInHttp } from './request/http-status.ts';

export interface GraphqlOptions {
  introspection: boolean;
  /** Whether a router is configured: introspection then contains the federation fields. */
  federation: boolean;
  /** Whether validation errors may suggest names of the schema. */
  suggestions: boolean;
  logger: Logger;
  limits: RateLimitOptions;
}

export function createApollo(schema: GraphQLSchema, options: GraphqlOptions): ApolloServer<Context> {
  const { introspection, federation, suggestions, logger, limits } = options;
  return new ApolloServer<Context>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !suggestions,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens },
    validationRules: [withinLimits, oneMutationADocument, onlyOperationsOfTheSchema, noSubscription],
    validationOptions: { maxErrors },
    formatError: createErrorFormatter(logger),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // No response is cached (http/server.ts), and the plugin wraps the resolver of every field.
      ApolloServerPluginCacheControlDisabled(),
      noteOperation,
      checkOperation,
      returnPlaces,
      answerInHttp(limits.metrics),
      ...(federation ? [] : [hideFederation(schema)]),
    ],
    logger: logger.child({}, { level: 'warn' }),
  });
}

const noteOperation: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, contextValue }) {
        if (!operation) return;
        const kind = operation.operation === 'mutation' ? 'mutation' : 'query';
        contextValue.noteOperation(kind, rootFields(document, operation));
      },
    };
  },
};

const checkOperation: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
        const problem = operation && operationProblem({ schema, document, operation, variables });
        if (problem) throw problem;
      },
    };
  },
};
