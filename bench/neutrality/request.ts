/** One request of the bench. */
const requestDeadlineMs = 15_000;
const interruption = new AbortController();

/** The next request fails. */
export function interrupt(): void {
  interruption.abort();
}

/** @returns the code of the error, or the data */
export async function ask(
  url: string,
  query: string,
  input: object,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { input } }),
    signal: AbortSignal.any([interruption.signal, AbortSignal.timeout(requestDeadlineMs)]),
  });
  const body = JSON.parse(await response.text());
  return body.errors ? String(body.errors[0].extensions.code) : JSON.stringify(body.data);
}
