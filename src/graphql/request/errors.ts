/**
 * Translates every error into what a client reads. An allow-list: a refusal shows its message and its public extensions,
 * graphql's own errors show a message of Postern, and every other error shows a code and a request id.
 */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, publicMessages, type Refusal, refusalOf } from '../../domain/errors.ts';
import { describeError, type Logger, requestScope } from '../../logger.ts';

/** Apollo's codes for errors before a resolver runs, and the code of Postern for each. */
const protocolCodes: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_REQUEST',
  OPERATION_RESOLUTION_FAILURE: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_REQUEST',
};

export type ErrorFormatter = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

export function createErrorFormatter(logger: Logger): ErrorFormatter {
  return (formatted, error) => {
    const original = originOf(error);
    const refusal = refusalOf(original);
    if (refusal) return { ...present(refusal.code, publicExtensions(refusal), formatted), message: refusal.message };
    const code = protocolCodes[String(formatted.extensions?.code)];
    if (code) return { ...present(code, {}, formatted), message: protocolMessage(code, formatted.message) };
    logger.error(describeError(original), 'an operation failed unexpectedly');
    return present('INTERNAL_SERVER_ERROR', {}, formatted);
  };
}

/** @returns the thrown error, without the errors that graphql and Postern have wrapped around it */
export function originOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? originOf(error.originalError) : error;
}

/** The same shape for responses outside GraphQL. @param message for a case that the code's own message does not name */
export function errorBody(
  refusal: Refusal,
  requestId: string,
  message = refusal.message,
): { errors: GraphQLFormattedError[] } {
  const extensions = { code: refusal.code, requestId, ...publicExtensions(refusal) };
  return { errors: [{ message, extensions }] };
}

function present(
  code: ErrorCode,
  extensions: Record<string, unknown>,
  { locations, path }: GraphQLFormattedError,
): GraphQLFormattedError {
  const scope = requestScope.getStore();
  scope?.errorCodes.add(code);
  return {
    message: publicMessages[code],
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code, ...(scope && { requestId: scope.requestId }), ...extensions },
  };
}

function publicExtensions({ options }: Refusal): Record<string, unknown> {
  const { retryAfterSeconds, fields, requiredPermission, policy } = options;
  const reason = options.reason ?? policy?.reason;
  return {
    ...(reason && { reason }),
    ...(retryAfterSeconds !== undefined && { retryAfter: retryAfterSeconds }),
    ...(fields && { fields }),
    ...(requiredPermission && { requiredPermission }),
  };
}

/** Validation messages that name parts of the document or the schema, never a value. */
const harmlessValidation =
  /^(Cannot query field|Unknown (argument|type|fragment|directive)|Field "|Fragment "|Variable "\$\w+" (is|of type)|There can be only one|Cannot spread|Directive "|Argument "|A document may contain |This (document|operation) |The schema has no |Send subscriptions to |GraphQL introspection|This anonymous operation)/;

function protocolMessage(code: ErrorCode, message: string): string {
  if (code === 'GRAPHQL_VALIDATION_FAILED' && harmlessValidation.test(message)) return message;
  // Apollo's messages quote names from the request: those are removed.
  if (code === 'BAD_REQUEST') return message.replace(/"[^"]*"/g, '"…"').trim();
  return publicMessages[code];
}
