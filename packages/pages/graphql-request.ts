/**
 * Stands for the package `graphql-request` in the pages, with what `@postern/client` uses of it. The package parses documents,
 * batches them and calls middleware, which the pages never need: with it and `graphql`, the sign-in page would exceed its budget.
 */

interface ClientOptions {
  headers: Record<string, string>;
  credentials: RequestCredentials;
}

interface OperationRequest {
  document: string;
  variables: object;
  requestHeaders: Record<string, string>;
  signal: AbortSignal;
}

interface Answer {
  data?: unknown;
  errors?: unknown;
}

interface FailedResponse {
  errors: unknown;
  status: number;
  headers: Headers;
}

/** The answer has errors, or another status than 200. */
export class ClientError extends Error {
  readonly response: FailedResponse;

  constructor(response: FailedResponse) {
    super(`The gateway answered with status ${response.status}.`);
    this.response = response;
  }
}

export class GraphQLClient {
  readonly #endpoint: string;
  readonly #options: ClientOptions;

  constructor(endpoint: string, options: ClientOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /** @throws ClientError, or the error of `fetch` or of the parser of JSON */
  async request({ document, variables, requestHeaders, signal }: OperationRequest): Promise<unknown> {
    const { headers, credentials } = this.#options;
    const accept = 'application/graphql-response+json, application/json';
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', ...headers, ...requestHeaders },
      body: JSON.stringify({ query: document, variables }),
      credentials,
      signal,
    });
    const { ok, status } = response;
    const answer: Answer = ok ? await response.json() : await response.json().catch(() => ({}));
    if (!ok || answer.errors !== undefined)
      throw new ClientError({ errors: answer.errors, status, headers: response.headers });
    return answer.data;
  }
}
