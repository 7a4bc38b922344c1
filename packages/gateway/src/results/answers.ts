/** Guards the response of a subgraph: its time, its size, its kind. What is wrong becomes `SERVICE_UNAVAILABLE`. */
import type { ExecutionResult } from 'graphql';
import { fieldUnavailable } from '../refusals.ts';

/** For the whole response. */
export const subgraphMs = 10_000;
const mostBytes = 10_000_000;

/** @throws Error for a redirect, a response that is not JSON, and one that is too large */
export async function guardAnswer(response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) return response;
  if (response.status >= 300 && response.status < 400) throw new Error('the subgraph redirects');
  if (!/^application\/(graphql-response\+)?json\b/.test(type))
    throw new Error('the response of the subgraph is not JSON');
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (length > mostBytes) throw new Error('the response of the subgraph is too large');
  if (length >= 0 && !response.headers.has('content-encoding')) return response;
  return new Response(await readBounded(response), { status: response.status, headers: { 'content-type': type } });
}

async function readBounded({ body }: Response): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new Error('the response of the subgraph is too large');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const failures = new Set<unknown>(['SUBREQUEST_HTTP_ERROR', 'TIMEOUT_ERROR', 'RESPONSE_VALIDATION_FAILED']);

/** The errors of the engine quote the request and the response: none of that reaches the client. */
export function withoutFailures(result: ExecutionResult): ExecutionResult {
  const { data, errors } = result;
  if (!errors) return data === undefined ? { ...result, data: null, errors: [fieldUnavailable()] } : result;
  if (!errors.some(({ extensions }) => failures.has(extensions?.code))) return result;
  return {
    ...result,
    errors: errors.map((error) => (failures.has(error.extensions?.code) ? fieldUnavailable() : error)),
  };
}
