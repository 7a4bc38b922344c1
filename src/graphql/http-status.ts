/**
 * What an answer's errors mean to HTTP: limits and outages have a status and `Retry-After`; a failed authentication is
 * 401 for clients that speak `application/graphql-response+json`, and 200 for those that only know `application/json`.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import Negotiator from 'negotiator';
import type { ErrorCode } from '../domain/errors.ts';
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
]);
const plainType = 'application/json; charset=utf-8';
const graphqlResponseType = 'application/graphql-response+json; charset=utf-8';
/** One answer, so many errors: the rest is noise, or an attempt to make us talk. */
const maxErrors = 5;

export const answerInHttp: ApolloServerPlugin<Context> = {
  async requestDidStart({ request }) {
    return {
      async willSendResponse({ response }) {
        if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
        const errors = response.body.singleResult.errors.slice(0, maxErrors);
        response.body.singleResult.errors = errors;
        const status = statusOf(errors, request.http?.headers.get('accept') ?? plainType);
        if (status !== undefined) response.http.status = status;
        const waits = errors
          .map(({ extensions }) => extensions?.retryAfter)
          .filter((value) => typeof value === 'number');
        if (waits.length > 0) response.http.headers.set('retry-after', String(Math.max(...waits)));
      },
    };
  },
};

function statusOf(errors: readonly GraphQLFormattedError[], accept: string): number | undefined {
  const codes = errors.map(({ extensions }) => extensions?.code);
  const limited = Object.entries(statuses).find(([code]) => codes.includes(code));
  if (limited) return limited[1];
  return prefersGraphqlResponse(accept) && codes.some((code) => authenticationFailures.has(code)) ? 401 : undefined;
}

/** Negotiated as Apollo does it for the answer's own type. */
function prefersGraphqlResponse(accept: string): boolean {
  return new Negotiator({ headers: { accept } }).mediaType([plainType, graphqlResponseType]) === graphqlResponseType;
}
