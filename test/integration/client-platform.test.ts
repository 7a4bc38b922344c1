/** `@postern/client` without optional features of its platform, with failing storage, and with unexpected responses. */
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  createPosternClient,
  type PosternClientOptions,
  PosternError,
  type TokenStorage,
} from '../../packages/client/src/client.ts';
import { goodPassword, lockoutOff, registerUser } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { portOf } from '../support/servers/free-port.ts';

let email: string;
const gateway = useGateway(lockoutOff);
beforeAll(async () => {
  email = await registerUser(gateway);
});
afterEach(() => vi.unstubAllGlobals());

/** Signs in, renews an expired token, and signs out. */
async function useClient(options: Partial<PosternClientOptions> = {}): Promise<void> {
  let now = 0;
  const ends: string[] = [];
  const onSessionEnd = ({ reason }: { reason: string }) => ends.push(reason);
  const client = createPosternClient({ url: gateway.url, now: () => now, onSessionEnd, ...options });
  try {
    await client.login({ email, password: goodPassword });
    const token = client.session.heldToken;
    now += 15 * 60_000;
    expect((await client.viewer())?.email).toBe(email);
    expect(client.session.heldToken).not.toBe(token);
    await client.logout();
    expect(await client.viewer()).toBeNull();
    await vi.waitFor(() => expect(ends).toEqual(['SIGNED_OUT']));
  } finally {
    client.close();
  }
}

class OldSignal extends EventTarget {}

/** The gateway runs in the same process, so globals that it needs cannot be removed here. */
const missing: [string, Record<string, unknown>][] = [
  ['BroadcastChannel', { BroadcastChannel: undefined }],
  ['BroadcastChannel and navigator.locks', { BroadcastChannel: undefined, navigator: {} }],
  ['navigator.locks', { navigator: {} }],
  ['navigator', { navigator: undefined }],
  ['AbortSignal.timeout and AbortSignal.any', { AbortSignal: OldSignal }],
  ['performance', { performance: undefined }],
  ['structuredClone', { structuredClone: undefined }],
];

test.each(missing)('the client works without %s', async (_name, globals) => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  await useClient({ tabs: true });
});

const refuse = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

test('the client works when BroadcastChannel and locks are denied', async () => {
  vi.stubGlobal('BroadcastChannel', refuse);
  vi.stubGlobal('navigator', { locks: { request: async () => refuse() } });
  await useClient({ tabs: true });
});

test('the client sends requests after its channel has been closed', async () => {
  const client = createPosternClient({ url: gateway.url, tabs: true });
  client.close();
  await client.login({ email, password: goodPassword });
  expect((await client.viewer())?.email).toBe(email);
});

describe('a failing storage', () => {
  const items = () => {
    const map = new Map<string, string>();
    const storage: TokenStorage = {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => map.set(key, value),
      removeItem: (key) => map.delete(key),
    };
    return { map, storage };
  };
  const failures: [string, Partial<TokenStorage>][] = [
    ['getItem throws', { getItem: refuse }],
    ['setItem throws', { setItem: refuse }],
    ['removeItem throws', { removeItem: refuse }],
    ['everything throws', { getItem: refuse, setItem: refuse, removeItem: refuse }],
    ['setItem rejects', { setItem: async () => refuse() }],
    ['getItem rejects', { getItem: async () => refuse() }],
  ];

  test.each(failures)('when %s, the session stays in memory', async (_name, failing) => {
    await useClient({ storage: { ...items().storage, ...failing } });
  });

  test('does not keep a used refresh token when it rejects the next one', async () => {
    const { map, storage } = items();
    let isFull = false;
    const client = createPosternClient({
      url: gateway.url,
      storage: { ...storage, setItem: (key, value) => (isFull ? refuse() : storage.setItem(key, value)) },
    });
    await client.login({ email, password: goodPassword });
    expect([...map.keys()].some((key) => key.endsWith(':session'))).toBe(true);
    isFull = true;
    expect(await client.refresh()).toBe(true);
    expect([...map.keys()].filter((key) => key.endsWith(':session'))).toEqual([]);
    expect((await client.viewer())?.email).toBe(email);
  });
});

describe('every failure is a PosternError', () => {
  let server: Server;
  let answer = '';
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  test.each(['{}', '[]', 'null', '1', '"x"', '{"data":null}', '{"data":1}', '', '<html>', '{"data":'])(
    'when the response is %s',
    async (text) => {
      answer = text;
      const client = createPosternClient({ url: `http://127.0.0.1:${portOf(server)}` });
      const error: unknown = await client.login({ email, password: goodPassword }).catch((problem: unknown) => problem);
      expect(error).toBeInstanceOf(PosternError);
      expect(error).toMatchObject({ code: 'NO_ANSWER' });
    },
  );

  test('when fetch throws', async () => {
    const client = createPosternClient({ url: gateway.url, fetch: refuse });
    await expect(client.passwordPolicy()).rejects.toMatchObject({ name: 'PosternError', code: 'NO_ANSWER' });
  });

  test('but an aborted request fails with the reason of its signal', async () => {
    const client = createPosternClient({ url: gateway.url });
    const reason = new Error('the page was left');
    const aborted = client.request(
      { toString: () => '{ passwordPolicy { minLength } }' },
      {},
      { signal: AbortSignal.abort(reason) },
    );
    await expect(aborted).rejects.toBe(reason);
  });
});
