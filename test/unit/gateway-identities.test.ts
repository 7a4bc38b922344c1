/** The identity tokens that the gateway keeps: how many, how long, and how often it asks for them. */
import { afterEach, expect, test } from 'vitest';
import { Identities } from '../../packages/gateway/src/identity.ts';
import { type AnsweringServer, startAnsweringServer } from '../support/servers/answering-server.ts';

let postern: AnsweringServer;
let now = new Date('2026-01-01T00:00:00Z');
afterEach(() => postern.stop());

async function open(expiresIn = 60): Promise<Identities> {
  let issued = 0;
  postern = await startAnsweringServer((_request, response) => {
    issued += 1;
    const body = { caller: {}, tokens: { products: `token-${issued}` }, expiresIn };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  return new Identities({ posternUrl: postern.url, routerSecret: 'secret', now: () => now });
}

const find = (identities: Identities, credential: string) =>
  identities.find({ authorization: `Bearer ${credential}`, source: '', audiences: ['products'], others: [] });

test('ten thousand tokens are kept at most', { timeout: 60_000 }, async () => {
  const identities = await open();
  for (let first = 0; first < 10_100; first += 100)
    await Promise.all(Array.from({ length: 100 }, (_, index) => find(identities, `${first + index}`)));
  expect(identities.size).toBe(10_000);
  await find(identities, '10099');
  expect(postern.requests).toHaveLength(10_100);
  await find(identities, '0');
  expect(postern.requests).toHaveLength(10_101);
});

test('a token is used until five seconds before its expiry, and for a minute at most', async () => {
  for (const expiresIn of [60, 3600]) {
    const identities = await open(expiresIn);
    const first = await find(identities, 'ada');
    now = new Date(now.getTime() + 54_999);
    expect(await find(identities, 'ada')).toEqual(first);
    now = new Date(now.getTime() + 1);
    expect(await find(identities, 'ada')).not.toEqual(first);
    await postern.stop();
  }
});

test('concurrent requests of one credential share a call, and those of others do not wait for it', async () => {
  const identities = await open();
  const found = await Promise.all(['ada', 'ada', 'ada', 'grace'].map((credential) => find(identities, credential)));
  expect(postern.requests).toHaveLength(2);
  expect(new Set(found.map(({ tokens }) => tokens?.get('products'))).size).toBe(2);
});
