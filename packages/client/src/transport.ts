/** Sends documents to the gateway and translates what goes wrong. Knows nothing of sessions. */
import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import { errorFromAnswer, PosternError } from './postern-error.ts';

/** What codegen makes of an operation, as a tree or (`documentMode: string`) as a text. */
export type PosternDocument<Result, Variables> =
  | TypedDocumentNode<Result, Variables>
  | (DocumentTypeDecoration<Result, Variables> & { toString(): string; kind?: never });

export interface TransportOptions {
  /** Of the gateway, with or without `/graphql`. */
  url: string;
  fetch?: typeof fetch;
  headers?: Record<string, string>;
  credentials: 'include' | 'omit';
}

export interface SendOptions {
  token?: string | null;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  deadlineMs?: number;
}

/** Longer than the gateway takes for anything (10 s). */
const patienceMs = 15_000;

export class Transport {
  readonly url: string;
  readonly #client: GraphQLClient;

  constructor({ url, fetch, headers = {}, credentials }: TransportOptions) {
    this.url = endpointOf(url);
    // Called as a plain function: a browser's own refuses to be anybody's method.
    const options = { headers, credentials, ...(fetch && { fetch }) };
    this.#client = new GraphQLClient(this.url, options);
  }

  /** @throws PosternError, or the reason of the signal when that has aborted it */
  async send<Result, Variables extends object>(
    document: PosternDocument<Result, Variables>,
    variables: Variables,
    { token = null, headers = {}, signal, deadlineMs = patienceMs }: SendOptions = {},
  ): Promise<Result> {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return await this.#client.request<Result>({
        document: 'kind' in document && document.kind === 'Document' ? document : document.toString(),
        variables,
        requestHeaders: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw translated(error);
    }
  }
}

function translated(error: unknown): PosternError {
  if (!(error instanceof ClientError)) return noAnswer(null, causeOf(error));
  const { errors, status, headers } = error.response;
  const answered = errorFromAnswer(errors, status);
  return answered ?? noAnswer(status, undefined, secondsIn(headers.get('retry-after')));
}

function noAnswer(status: number | null, cause?: unknown, retryAfter: number | null = null): PosternError {
  const what =
    status === null ? 'No answer came from the gateway.' : `Something else than the gateway answered ${status}.`;
  return new PosternError('NO_ANSWER', what, { status, retryAfter, cause });
}

/** What `fetch` says of the network. What a parser says is left out: it quotes the answer, which may hold a token. */
function causeOf(error: unknown): unknown {
  const isOfNetwork = error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
  return isOfNetwork ? error : undefined;
}

function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

function endpointOf(url: string): string {
  const { location }: { location?: { href: string }; URL: unknown } = globalThis;
  const endpoint = new URL(url, location?.href);
  if (!endpoint.pathname.endsWith('/graphql')) endpoint.pathname = `${endpoint.pathname.replace(/\/+$/, '')}/graphql`;
  return endpoint.href;
}
