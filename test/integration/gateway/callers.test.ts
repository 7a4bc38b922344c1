/** The caller of a request to the gateway: tokens, API keys, revocation and an outage of Postern. */
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { useShop } from '../../support/federation/use-shop.ts';
import { errorOf } from '../../support/gateway/answer.ts';
import { until } from '../../support/races/until.ts';

const stock = '{ product(id: "1") { stock } }';

describe('a token', () => {
  const gateway = useShop();

  test('that is invalid refuses protected fields only, with its reason', async () => {
    expect((await gateway.ask('{ version }', { token: 'garbage' })).data).toEqual({ version: '1' });
    const { data, errors } = await gateway.ask('{ version vault { content } }', { token: 'garbage' });
    expect(data).toEqual({ version: '1', vault: null });
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' });
  });

  test('that has expired names this reason', async () => {
    const token = await gateway.postern.token({ expiresInSeconds: -60 });
    const { extensions } = errorOf(await gateway.ask(stock, { token }));
    expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' });
  });

  test('without the scope names the permission, and in development the place', async () => {
    const token = await gateway.postern.token();
    const { extensions } = errorOf(await gateway.ask(stock, { token }));
    expect(extensions).toEqual({
      code: 'FORBIDDEN',
      requiredPermission: 'stock:read',
      coordinate: 'Product.stock',
      directive: '@requiresScopes',
    });
  });

  test('of an ended session is refused', async () => {
    const token = await gateway.postern.token({ sessionId: 'ends', permissions: ['stock:read'] });
    expect((await gateway.ask(stock, { token })).errors).toEqual([]);
    gateway.postern.revokeSession('ends');
    await until('the refusal', async () => (await gateway.ask(stock, { token })).errors.length > 0);
    const { extensions } = errorOf(await gateway.ask(stock, { token }));
    expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
  });

  test('of a caller who needs a second factor is refused with the error of Postern', async () => {
    const token = await gateway.postern.token({ sessionId: 'strict', permissions: ['stock:read'] });
    gateway.postern.behave('strict');
    const { extensions } = errorOf(await gateway.ask(stock, { token }));
    gateway.postern.behave('well');
    expect(extensions.code).toBe('MFA_ENROLLMENT_REQUIRED');
  });

  test('of a subgraph is no access token: an identity token is refused', async () => {
    const token = await gateway.postern.token({ permissions: ['stock:read'] });
    gateway.received();
    await gateway.ask('{ version }', { token });
    const identity = String(gateway.shop.shop.requests[0]?.headers['x-postern-identity']);
    expect(errorOf(await gateway.ask(stock, { token: identity })).extensions.reason).toBe('TOKEN_INVALID');
  });
});

describe('an API key', () => {
  const gateway = useShop();

  test('is resolved once, and its subgraphs receive an identity', async () => {
    const key = gateway.postern.apiKey(['stock:read']);
    gateway.received();
    for (let times = 0; times < 3; times += 1)
      expect((await gateway.ask(stock, { token: key })).data).toEqual({ product: { stock: 3 } });
    expect(gateway.postern.identityCalls).toHaveLength(1);
    const [request] = gateway.shop.shop.requests;
    expect(decodeJwt(String(request?.headers['x-postern-identity']))).toMatchObject({
      aud: 'shop',
      scope: 'stock:read',
    });
    expect(JSON.stringify(request)).not.toContain(key);
  });

  test('that is revoked is refused when the feed names it', async () => {
    const key = gateway.postern.apiKey(['stock:read']);
    expect((await gateway.ask(stock, { token: key })).errors).toEqual([]);
    gateway.postern.revokeKey(key);
    await until('the refusal', async () => (await gateway.ask(stock, { token: key })).errors.length > 0);
    expect(errorOf(await gateway.ask(stock, { token: key })).extensions.code).toBe('UNAUTHENTICATED');
  });

  test('that is unknown is refused', async () => {
    expect(errorOf(await gateway.ask(stock, { token: 'pst_pat_unknown' })).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_INVALID',
    });
  });
});

describe('while Postern is away', () => {
  const gateway = useShop({ revocations: { onFailure: 'refuse', maxAgeSeconds: 2 } });

  test('verified tokens work for the age of the feed, then requests with credentials fail; anonymous ones continue', async () => {
    const token = await gateway.postern.token({ permissions: ['stock:read'] });
    expect((await gateway.ask(stock, { token })).errors).toEqual([]);
    gateway.postern.behave('away');
    expect((await gateway.ask(stock, { token })).errors).toEqual([]);
    await until('status 503', async () => (await gateway.ask(stock, { token })).status === 503);
    expect(errorOf(await gateway.ask('{ version }', { token })).extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      retryAfter: 1,
    });
    expect((await gateway.ask('{ version }')).data).toEqual({ version: '1' });
    const readiness = await fetch(gateway.url.replace('/graphql', '/readyz'));
    expect([readiness.status, await readiness.text()]).toEqual([503, expect.stringContaining('revocations: failed')]);
    gateway.postern.behave('well');
    await until('status 200', async () => (await gateway.ask(stock, { token })).status === 200);
  });
});
