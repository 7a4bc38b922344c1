/** The clients that docs/live-revocation.md names, as consumers of `/graphql/stream`: graphql-sse, and urql with it. */
import { type SubscriptionOperation, subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { type Client, createClient } from 'graphql-sse';
import { afterEach, expect, test } from 'vitest';
import { bearer, lockoutOff } from '../support/gateway/gateway.ts';
import { sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { until } from '../support/races/until.ts';

const gateway = useGateway(lockoutOff);

let client: Client | undefined;
afterEach(() => client?.dispose());

/** @returns the client, and what resolves once its stream is open */
function clientOf(accessToken: string): { streams: Client; connected: Promise<void> } {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const url = `${gateway.url}/graphql/stream`;
  const streams = createClient({
    url,
    headers: bearer(accessToken),
    retryAttempts: 0,
    on: { connected: () => resolve() },
  });
  client = streams;
  return { streams, connected };
}

const signedInElsewhere = (id: string) => ({ __typename: 'SignedInElsewhere', session: { id, current: false } });

test('graphql-sse iterates over the events, and its loop ends with the stream', async () => {
  const person = await gateway.person();
  const { streams, connected } = clientOf(person.accessToken);
  const events = streams.iterate<{ sessionEvents: Record<string, unknown> }>({ query: sessionEvents });
  const first = events.next();
  await connected;
  const { session } = await person.signIn();
  expect((await first).value).toEqual({ data: { sessionEvents: signedInElsewhere(session.id) } });
  await person.signOut();
  const rest: unknown[] = [];
  for await (const { data } of events) rest.push(data?.sessionEvents.__typename);
  expect(rest).toEqual(['SessionEnding']);
});

test('graphql-sse reports that a stream is refused', async () => {
  const { streams } = clientOf('no.access.token');
  const outcome = await new Promise<unknown>((resolve) => {
    streams.subscribe({ query: sessionEvents }, { next: resolve, error: resolve, complete: () => resolve('complete') });
  });
  expect(outcome).toMatchObject({ response: { status: 401 } });
});

test('urql receives the events, up to the end of the session', async () => {
  const person = await gateway.person();
  const { streams, connected } = clientOf(person.accessToken);
  const urql = new UrqlClient({
    url: `${gateway.url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }: SubscriptionOperation) => ({
          subscribe: (sink) => ({ unsubscribe: streams.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });
  const received: unknown[] = [];
  const { unsubscribe } = urql.subscription(sessionEvents, {}).subscribe(({ data, error }) => {
    received.push(error ?? data.sessionEvents);
  });
  await connected;
  const { session } = await person.signIn();
  await until('an event', () => received.length === 1);
  await person.signOut();
  // urql repeats the last result when the stream completes.
  await until('the end', () => received.length >= 2);
  expect(received.slice(0, 2)).toMatchObject([signedInElsewhere(session.id), { __typename: 'SessionEnding' }]);
  unsubscribe();
});
