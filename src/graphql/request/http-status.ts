/**
 * The HTTP status of a response with errors: limits and outages have a status and `Retry-After`; a failed
 * authentication is 401 and an internal error 500 for clients that accept `application/graphql-response+json`; both are
 * 200 for those that prefer `application/json`. An invalid document is 400, but 200 for clients that accept only
 * `application/json` (GraphQL over HTTP, 6.4.1); a document that is too large is 400 for every client.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import Negotiator from 'negotiator';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { isTooMuch, maxErrors } from '../documents/document-limits.ts';
import type { Context } from './context.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  RATE_LIMITED: 429,
  TOO_MANY_ATTEMPTS: 429,
  SERVICE_BUSY: 503,
  SERVICE_UNAVAILABLE: 503,
};
const authenticationFailures: ReadonlySet<unknown> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'INVALID_CREDENTIALS',
  'INVALID_REFRESH_TOKEN',
  'INVALID_MFA_CODE',
  'INVALID_MFA_TICKET',
  'FEDERATED_LOGIN_FAILED',
]);
const documentFailures: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);
const plainType = 'application/json; charset=utf-8';
const graphqlResponseType = 'application/graphql-response+json; charset=utf-8';

export const answerInHttp = (metrics: Pick<Metrics, 'errorAnswered'>): ApolloServerPlugin<Context> => ({
  async requestDidStart({ request }) {
    return {
      async willSendResponse({ response, errors: causes = [] }) {
        if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
        const errors = different(response.body.singleResult.errors.slice(0, maxErrors));
        response.body.singleResult.errors = errors;
        for (const { extensions } of errors) metrics.errorAnswered(String(extensions?.code));
        const accept = request.http?.headers.get('accept') ?? '*/*';
        const status = statusOf(errors, accept);
        if (status !== undefined) response.http.status = status;
        else if (isWrongDocument(errors) && knowsOnlyJson(accept) && !causes.some(isTooMuch))
          response.http.status = 200;
        const waits = errors
          .map(({ extensions }) => extensions?.retryAfter)
          .filter((value) => typeof value === 'number');
        if (waits.length > 0) response.http.headers.set('retry-after', String(Math.max(...waits)));
      },
    };
  },
});

/** Equal problems of one place are reported once. */
function different(errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] {
  const said = new Map(errors.map((error) => [JSON.stringify([error.message, error.path, error.locations]), error]));
  return [...said.values()];
}

function statusOf(errors: readonly GraphQLFormattedError[], accept: string): number | undefined {
  const codes = errors.map(({ extensions }) => extensions?.code);
  const limited = Object.entries(statuses).find(([code]) => codes.includes(code));
  if (limited) return limited[1];
  if (!prefersGraphqlResponse(accept)) return undefined;
  if (codes.includes('INTERNAL_SERVER_ERROR')) return 500;
  return codes.some((code) => authenticationFailures.has(code)) ? 401 : undefined;
}

/** The request is well-formed, so the errors are about the document or its variables, and there is no data. */
function isWrongDocument(errors: readonly GraphQLFormattedError[]): boolean {
  return errors.every(({ extensions, path }) => path === undefined && documentFailures.has(extensions?.code));
}

function knowsOnlyJson(accept: string): boolean {
  return new Negotiator({ headers: { accept } }).mediaType([graphqlResponseType]) === undefined;
}

/** Negotiated in the same way as Apollo negotiates the content type. */
function prefersGraphqlResponse(accept: string): boolean {
  return new Negotiator({ headers: { accept } }).mediaType([plainType, graphqlResponseType]) === graphqlResponseType;
}
