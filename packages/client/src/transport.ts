/** Sends documents to the gateway and translates failures into `PosternError`. It does not use the session. */
import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import { startDeadline } from './environment.ts';
import { errorFromAnswer, PosternError } from './errors/postern-error.ts';

/** An operation as codegen generates it: a document node or, with `documentMode: string`, a text. */
export type PosternDocument<Result, Variables> =
  | TypedDocumentNode<Result, Variables>
  | (DocumentTypeDecoration<Result, Variables> & { toString(): string; kind?: never });

export interface TransportOptions {
  /** The GraphQL endpoint of the gateway. */
  endpoint: string;
  fetch?: typeof fetch | undefined;
  headers?: Record<string, string> | undefined;
  credentials: 'include' | 'omit';
}

export interface SendOptions {
  token?: string | null;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  deadlineMs?: number;
}

/** Longer than the gateway's own limit for an operation (10 s). */
const defaultDeadlineMs = 15_000;

export class Transport {
  readonly #client: GraphQLClient;

  constructor({ endpoint, fetch, headers = {}, credentials }: TransportOptions) {
    // graphql-request calls it as a plain function: a browser's own fetch rejects any other receiver.
    this.#client = new GraphQLClient(endpoint, { headers, credentials, ...(fetch && { fetch }) });
  }

  /** @throws PosternError, or the reason of the signal when that has aborted the request */
  async send<Result, Variables extends object>(
    document: PosternDocument<Result, Variables>,
    variables: Variables,
    { token = null, headers = {}, signal, deadlineMs = defaultDeadlineMs }: SendOptions = {},
  ): Promise<Result> {
    const deadline = startDeadline(deadlineMs, signal);
    try {
      const data = await this.#client.request<Result | null | undefined>({
        document: 'kind' in document && document.kind === 'Document' ? document : document.toString(),
        variables,
        requestHeaders: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
        signal: deadline.signal,
      });
      if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
    } catch (error) {
      if (signal?.aborted) throw signal.reason ?? new DOMException('The request was aborted.', 'AbortError');
      if (deadline.expired()) throw noAnswer({ cause: new DOMException('The request timed out.', 'TimeoutError') });
      throw translated(error);
    } finally {
      deadline.clear();
    }
    throw noAnswer({ status: 200 });
  }
}

function translated(error: unknown): PosternError {
  if (!(error instanceof ClientError)) return noAnswer({ cause: causeOf(error) });
  const { errors, status, headers } = error.response;
  return errorFromAnswer(errors, status) ?? noAnswer({ status, retryAfter: secondsIn(headers.get('retry-after')) });
}

function noAnswer(details: { status?: number; retryAfter?: number | null; cause?: unknown }): PosternError {
  const { status } = details;
  const what =
    status === undefined
      ? 'The gateway did not answer. Check the connection and the `url` of the client.'
      : `Another server answered with status ${status}. Check the \`url\` of the client and the proxies before the gateway.`;
  return new PosternError('NO_ANSWER', what, details);
}

/** The network error of `fetch`. A parser's error is omitted: it quotes the response, which may contain a token. */
function causeOf(error: unknown): unknown {
  return error instanceof TypeError ? error : undefined;
}

function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}
