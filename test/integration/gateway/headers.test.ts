/** What subgraphs receive: an identity made for each of them, and nothing that a client has chosen. */
import { request } from 'node:http';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { planners, useShop } from '../../support/federation/use-shop.ts';

const both = '{ products { name reviews { text } } }';

describe.each(planners)('with the %s planner', (planner) => {
  const gateway = useShop({ planner });

  function headersOf(name: 'shop' | 'reviews') {
    const [first] = gateway.shop[name].requests.splice(0);
    if (!first) throw new Error(`no request reached ${name}`);
    return first.headers;
  }

  test('Each subgraph receives a token with its own audience, and no credential', async () => {
    const token = await gateway.postern.token({ permissions: ['stock:read'] });
    const headers = { cookie: 'session=1', 'x-device-token': 'device', 'x-captcha-token': 'captcha' };
    const { errors } = await gateway.ask(both, { token, headers });
    expect(errors).toEqual([]);
    for (const name of ['shop', 'reviews'] as const) {
      const received = headersOf(name);
      const identity = String(received['x-postern-identity']);
      expect(decodeProtectedHeader(identity).typ).toBe('postern-identity+jwt');
      expect(decodeJwt(identity)).toMatchObject({ aud: name, sub: 'ada', scope: 'stock:read' });
      for (const absent of ['authorization', 'cookie', 'router-authorization', 'x-device-token', 'x-captcha-token'])
        expect(received).not.toHaveProperty(absent);
    }
  });

  test('The identity tokens of a plan are fetched in one call, and kept', async () => {
    const token = await gateway.postern.token({ userId: 'one-call' });
    gateway.postern.identityCalls.splice(0);
    for (let times = 0; times < 3; times += 1) await gateway.ask(both, { token });
    expect(gateway.postern.identityCalls).toHaveLength(1);
  });

  test('Concurrent requests with one credential make one call', async () => {
    const token = await gateway.postern.token({ userId: 'concurrent' });
    gateway.postern.identityCalls.splice(0);
    // Of different documents: the gateway answers equal requests together.
    await Promise.all(Array.from({ length: 20 }, (_, index) => gateway.ask(`query Q${index} ${both}`, { token })));
    expect(gateway.postern.identityCalls).toHaveLength(1);
  });

  test('An anonymous caller has no identity, and Postern is not called', async () => {
    gateway.postern.identityCalls.splice(0);
    gateway.received();
    await gateway.ask(both);
    expect(headersOf('shop')).not.toHaveProperty('x-postern-identity');
    expect(gateway.postern.identityCalls).toEqual([]);
  });

  test('A client cannot send an identity', async () => {
    const names = [
      'X-Postern-Identity',
      'x-postern-identity',
      'x-PoStErN-iDeNtItY',
      'X_Postern_Identity',
      'Router-Authorization',
    ];
    for (const name of names) {
      await raw(gateway.url, [name, 'forged', name, 'forged-again', 'Authorization', 'Bearer nothing']);
      expect(JSON.stringify(headersOf('shop'))).not.toMatch(/forged|nothing/);
    }
  });

  test('A client cannot send an identity in a trailer', async () => {
    await raw(gateway.url, ['Trailer', 'X-Postern-Identity', 'Transfer-Encoding', 'chunked'], {
      'X-Postern-Identity': 'forged',
    });
    expect(JSON.stringify(headersOf('shop'))).not.toContain('forged');
  });

  test('Two users with equal documents at the same moment never share an answer', async () => {
    const users = await Promise.all(
      Array.from({ length: 10 }, (_, index) => gateway.postern.token({ userId: `user-${index}` })),
    );
    await Promise.all(users.map((token) => gateway.ask(both, { token })));
    gateway.shop.shop.requests.splice(0);
    await Promise.all(users.map((token) => gateway.ask('{ version }', { token })));
    const subjects = gateway.shop.shop.requests.splice(0).map(({ headers }) => {
      return decodeJwt(String(headers['x-postern-identity'])).sub;
    });
    expect(subjects.sort()).toEqual(users.map((_, index) => `user-${index}`));
    gateway.shop.reviews.requests.splice(0);
  });
});

/** Headers as they stand on the wire, with their case and doubled. */
function raw(url: string, headers: readonly string[], trailers: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const host = new URL(url).host;
    const sent = request(url, {
      method: 'POST',
      headers: ['Host', host, 'Content-Type', 'application/json', ...headers],
    });
    sent.addTrailers(trailers);
    sent.once('error', reject);
    sent.once('response', (response) => response.resume().once('end', resolve));
    sent.end(JSON.stringify({ query: '{ version }' }));
  });
}
