/** The gateway of a suite in front of the shop and a stand-in of Postern. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import {
  createPosternGateway,
  type PosternGateway,
  type PosternGatewayOptions,
  type ServeOptions,
} from '../../../packages/gateway/src/gateway.ts';
import { type Answer, answerOf } from '../gateway/answer.ts';
import { type Composer, compose } from './compose.ts';
import { type PosternStandIn, routerSecret, startPosternStandIn } from './postern-stand-in.ts';
import { type Shop, startShop } from './shop.ts';

export const planners = ['javascript', 'native'] as const;

export interface GatewayOfShop {
  url: string;
  postern: PosternStandIn;
  shop: Shop;
  /** The path of the supergraph. */
  supergraph: string;
  ask(query: string, options?: AskOptions): Promise<Answer>;
  /** Every query that reached a subgraph since the last call. */
  received(): string;
}

export interface AskOptions {
  token?: string | undefined;
  headers?: Record<string, string>;
  variables?: Record<string, unknown>;
}

export interface ShopOptions extends Partial<PosternGatewayOptions & ServeOptions> {
  composer?: Composer;
}

export const policies = { owner: () => true, weekday: () => true, never: () => false };

export function useShop({ composer = 'guild', ...options }: ShopOptions = {}): GatewayOfShop {
  let [postern, shop, gateway, url, folder]: [PosternStandIn?, Shop?, PosternGateway?, string?, string?] = [];
  beforeAll(async () => {
    postern = await startPosternStandIn();
    shop = await startShop();
    folder = await mkdtemp(join(tmpdir(), 'postern-shop-'));
    const supergraph = join(folder, 'supergraph.graphql');
    await writeFile(supergraph, compose(composer, [shop.shop, shop.reviews]));
    gateway = await createPosternGateway({
      issuer: postern.url,
      routerSecret,
      policies,
      environment: 'development',
      supergraph,
      port: 0,
      ...options,
    });
    url = await gateway.listen();
  });
  afterAll(async () => {
    await gateway?.close();
    await Promise.all([shop?.stop(), postern?.stop()]);
    if (folder) await rm(folder, { recursive: true });
  });
  const running = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The gateway has not started. Read it in a hook or a test.');
    return value;
  };
  return {
    get url() {
      return running(url);
    },
    get postern() {
      return running(postern);
    },
    get shop() {
      return running(shop);
    },
    get supergraph() {
      return join(running(folder), 'supergraph.graphql');
    },
    ask: (query, { token, headers = {}, variables } = {}) =>
      answerOf(
        fetch(running(url), {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
          },
          body: JSON.stringify({ query, variables }),
        }),
      ),
    received() {
      const { shop: one, reviews: other } = running(shop);
      const queries = [one, other].flatMap(({ requests }) => requests.splice(0)).map(({ query }) => query);
      return queries.join('\n');
    },
  };
}
