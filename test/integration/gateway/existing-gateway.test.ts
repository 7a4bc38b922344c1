/** The plug-in in the Hive Gateway of an operator, whose own configuration forwards the headers of clients. */
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { usePostern } from '@postern/gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../support/federation/compose.ts';
import { type PosternStandIn, routerSecret, startPosternStandIn } from '../../support/federation/postern-stand-in.ts';
import { type Shop, startShop } from '../../support/federation/shop.ts';

let postern: PosternStandIn;
let shop: Shop;
beforeAll(async () => {
  postern = await startPosternStandIn();
  shop = await startShop();
});
afterAll(() => Promise.all([shop.stop(), postern.stop()]));

test('No credential and no forged identity passes, although the configuration forwards every header', async () => {
  const runtime = createGatewayRuntime({
    supergraph: compose('guild', [shop.shop, shop.reviews]),
    logging: false,
    propagateHeaders: {
      // The length is that of the body of the client.
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries([...request.headers].filter(([name]) => name !== 'content-length')),
    },
    plugins: () => [usePostern({ issuer: postern.url, routerSecret })],
  });
  for (const authorization of [`Bearer ${await postern.token()}`, 'Bearer garbage']) {
    const headers = {
      authorization,
      'content-type': 'application/json',
      cookie: 'session=1',
      'router-authorization': 'forged',
      'x-postern-identity': 'forged',
      x_postern_identity: 'forged',
      'x-tenant': 'kept',
    };
    await runtime.fetch('http://gateway/graphql', { method: 'POST', headers, body: '{"query":"{ version }"}' });
    const [request] = shop.shop.requests.splice(0);
    expect(request?.headers).toMatchObject({ 'x-tenant': 'kept' });
    expect(JSON.stringify(request?.headers)).not.toMatch(/forged|session=1|garbage/);
    expect(request?.headers).not.toHaveProperty('authorization');
  }
  await runtime.dispose();
});
