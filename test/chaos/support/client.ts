/** Requests of a client, with the deadline of a patient client. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type Answer, answerOf } from '../../support/gateway/answer.ts';
import { bearer } from '../../support/gateway/gateway.ts';
import { bodyOf } from '../../support/gateway/operations.ts';

export interface Reply<Data> {
  /** `ok`, the code of the error, `connection lost` or `no answer`. */
  outcome: string;
  data: Data | null;
}

/** Password hashes have a low priority: on a busy machine they take seconds. */
const deadlineMs = 20_000;
const judgementMs = 30_000;
const momentary = ['SERVICE_UNAVAILABLE', 'SERVICE_BUSY', 'connection lost', 'no answer'];

export async function call<Data, Variables extends object>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  accessToken?: string,
): Promise<Reply<Data>> {
  const request = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accessToken ? bearer(accessToken) : {}) },
    body: JSON.stringify(bodyOf(document, variables)),
    signal: AbortSignal.timeout(deadlineMs),
  });
  try {
    return replyIn(await answerOf(request));
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { outcome: isLate ? 'no answer' : 'connection lost', data: null };
  }
}

/** Repeats the request while it is refused for a moment, as a client does. */
export async function callUntilJudged<Data, Variables extends object>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  accessToken?: string,
): Promise<Reply<Data>> {
  const endsAt = Date.now() + judgementMs;
  for (;;) {
    const reply = await call(url, document, variables, accessToken);
    if (!momentary.includes(reply.outcome) || Date.now() > endsAt) return reply;
    await sleep(500);
  }
}

function replyIn<Data>(answer: Answer): Reply<Data> {
  const [error] = answer.errors;
  if (error) return { outcome: error.extensions.code, data: null };
  // An error page of a proxy is no JSON.
  if (!answer.data) return { outcome: `status ${answer.status}`, data: null };
  const { data }: { data: Data } = JSON.parse(answer.text);
  return { outcome: 'ok', data };
}
