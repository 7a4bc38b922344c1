/** Apollo Client and urql with the session of a `@postern/client`. */
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPosternLink } from '../../packages/client/src/apollo.ts';
import {
  createPosternClient,
  type PosternClient,
  posternErrorIn,
  type SessionEndReason,
} from '../../packages/client/src/client.ts';
import { createPosternExchange } from '../../packages/client/src/urql.ts';
import { goodPassword, lockoutOff, registerUser } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { LogoutDocument, UpdateProfileDocument, ViewerDocument } from '../support/generated/graphql.ts';
import { type LossyProxy, startLossyProxy } from '../support/proxies/lossy-proxy.ts';
import { until } from '../support/races/until.ts';

const accessTokenSeconds = 15 * 60;

let proxy: LossyProxy;
const gateway = useGateway(lockoutOff);
beforeAll(async () => {
  proxy = await startLossyProxy(() => gateway.url);
});
afterAll(() => proxy?.close());
afterEach(() => {
  proxy.responseAction = () => 'answer';
  proxy.asked.length = 0;
});

interface Watched {
  postern: PosternClient;
  email: string;
  ends: SessionEndReason[];
  /** The client's own clock, in seconds. */
  wait(seconds: number): void;
}

async function signedIn(): Promise<Watched> {
  const email = await registerUser(gateway);
  const ends: SessionEndReason[] = [];
  let now = 1000;
  const postern = createPosternClient({
    url: proxy.url,
    now: () => now,
    onSessionEnd: ({ reason }) => ends.push(reason),
  });
  await postern.login({ email, password: goodPassword });
  const wait = (seconds: number) => {
    now += seconds * 1000;
  };
  return { postern, email, ends, wait };
}

/** Both clients as a component uses them: read the viewer, and change the name. They throw errors. */
interface Asker {
  viewer(): Promise<string | null>;
  rename(displayName: string): Promise<unknown>;
}

function apolloOf(postern: PosternClient, fetchWith = fetch): Asker {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      createPosternLink(postern),
      new HttpLink({ uri: `${proxy.url}/graphql`, fetch: fetchWith }),
    ]),
  });
  return {
    async viewer() {
      const { data } = await client.query({
        query: ViewerDocument,
        fetchPolicy: 'network-only',
        context: { queryDeduplication: false },
      });
      return data?.viewer?.email ?? null;
    },
    rename: (displayName) => client.mutate({ mutation: UpdateProfileDocument, variables: { input: { displayName } } }),
  };
}

function urqlOf(postern: PosternClient, fetchWith = fetch): Asker {
  const client = new Client({
    url: `${proxy.url}/graphql`,
    preferGetMethod: false,
    fetch: fetchWith,
    exchanges: [cacheExchange, createPosternExchange(postern), fetchExchange],
  });
  return {
    async viewer() {
      const { data, error } = await client.query(ViewerDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      if (error) throw error;
      return data?.viewer?.email ?? null;
    },
    async rename(displayName) {
      const { error } = await client.mutation(UpdateProfileDocument, { input: { displayName } }).toPromise();
      if (error) throw error;
    },
  };
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => new Error('it was not refused'),
    (error: unknown) => posternErrorIn(error) ?? error,
  );

describe.each([
  ['Apollo Client', apolloOf],
  ['urql', urqlOf],
])('%s', (_name, askerOf) => {
  test('sends the access token of the session, and none without a session', async () => {
    const { postern, email } = await signedIn();
    const asker = askerOf(postern);
    expect(await asker.viewer()).toBe(email);
    await asker.rename('Ada');
    await postern.logout();
    expect(await asker.viewer()).toBeNull();
    await postern.login({ email, password: goodPassword });
    expect(await asker.viewer()).toBe(email);
  });

  test('waits for the renewal of a token that is about to expire', async () => {
    const { postern, email, wait } = await signedIn();
    const asker = askerOf(postern);
    gateway.clock.travel(accessTokenSeconds - 10);
    wait(accessTokenSeconds - 10);
    expect(await asker.viewer()).toBe(email);
    expect([proxy.count('Refresh'), proxy.count('Viewer')]).toEqual([1, 1]);
  });

  test('repeats a request after its token expired: one renewal with the client for all requests', async () => {
    const { postern, email, ends } = await signedIn();
    const asker = askerOf(postern);
    await asker.viewer();
    gateway.clock.travel(accessTokenSeconds + 10);
    await Promise.all([
      ...['A', 'B', 'C', 'D'].map((name) => asker.rename(name)),
      asker.viewer(),
      postern.viewer(),
      postern.sessions(),
    ]);
    expect(proxy.count('Refresh')).toBe(1);
    expect(await asker.viewer()).toBe(email);
    expect(ends).toEqual([]);
  });

  test('detects the end of a session, and notifies the app', async () => {
    const { postern, ends } = await signedIn();
    const asker = askerOf(postern);
    await asker.viewer();
    await gateway.send(LogoutDocument, { input: {} }, postern.session.heldToken ?? '');
    expect(await failure(asker.viewer())).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
    await until('the end', () => ends.length > 0);
    expect(ends).toEqual(['REVOKED']);
    expect(await asker.viewer()).toBeNull();
  });

  test('fails with the error of the renewal, and continues when renewals work again', async () => {
    const { postern, email, ends, wait } = await signedIn();
    const asker = askerOf(postern);
    gateway.clock.travel(accessTokenSeconds);
    wait(accessTokenSeconds);
    const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-12345678' };
    proxy.next('Refresh', { status: 200, body: { errors: [{ message: 'x', extensions }] } });
    expect(await failure(asker.viewer())).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(await asker.viewer()).toBe(email);
    expect(ends).toEqual([]);
  });

  test('never repeats a request for another user', async () => {
    const { postern, email, ends } = await signedIn();
    const next = await registerUser(gateway);
    const asker = askerOf(postern, async (input, init) => {
      const response = await fetch(input, init);
      // Another user signs in before the response arrives.
      if (postern.session.id === first) await postern.login({ email: next, password: goodPassword });
      return response;
    });
    const first = postern.session.id;
    gateway.clock.travel(accessTokenSeconds + 10);
    expect(await failure(asker.rename('Mallory'))).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' });
    expect(proxy.count('UpdateProfile')).toBe(1);
    expect(await postern.viewer()).toMatchObject({ email: next, displayName: null });
    expect(await asker.viewer()).toBe(next);
    expect({ email, ends }).toEqual({ email, ends: ['REPLACED'] });
  });

  test('throws errors of the same shape as the client', async () => {
    const { postern } = await signedIn();
    const asker = askerOf(postern);
    expect(await failure(asker.rename('x'.repeat(101)))).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.displayName' }],
      requestId: expect.any(String),
    });
    expect(posternErrorIn(new Error('x'))).toBeNull();
    expect(posternErrorIn(null)).toBeNull();
  });
});

test('an abandoned operation of Apollo Client is not repeated', async () => {
  const { postern } = await signedIn();
  const link = createPosternLink(postern).concat(new HttpLink({ uri: `${proxy.url}/graphql` }));
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  gateway.clock.travel(accessTokenSeconds + 10);
  const query = gql`query Patience { viewer { id } }`;
  const subscription = client.watchQuery({ query, fetchPolicy: 'network-only' }).subscribe({});
  // Its first response is lost, so that the renewal takes longer.
  proxy.next('Refresh', 'lose');
  await until('the renewal', () => proxy.count('Refresh') === 1);
  subscription.unsubscribe();
  await postern.viewer();
  expect(proxy.count('Patience')).toBe(1);
});
