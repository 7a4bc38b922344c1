/** A federated graph with every place where a directive can stand: the subgraphs `shop` and `reviews`. */
import { type Subgraph, startSubgraph } from './subgraph.ts';

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@inaccessible", "@authenticated", "@requiresScopes", "@policy"]
)`;

export const shopTypes = `${link}
type Query {
  products: [Product!]!
  product(id: ID!): Product
  nothing: Product
  none: [Product!]!
  nodes: [Node!]!
  hits: [Hit!]!
  vault: Vault
  report(year: Int!): String @policy(policies: [["owner"]])
  either: String @policy(policies: [["never"], ["owner", "weekday"]])
  version: String!
  strict: String! @authenticated
  code: Code
}
type Mutation {
  addProduct(name: String!): AddedProduct!
  removeProduct(id: ID!): Boolean @requiresScopes(scopes: [["stock:write"]])
}
type Subscription {
  sold: Product!
}
type AddedProduct { product: Product! log: String @requiresScopes(scopes: [["stock:read"]]) }
type Product @key(fields: "id") {
  id: ID!
  name: String
  stock: Int @requiresScopes(scopes: [["stock:read"], ["admin", "stock:write"]])
  price: Int! @authenticated
  supplier: Supplier
  internal: String @inaccessible
}
type Supplier { name: String! @authenticated country: String }
interface Node { id: ID! note: String }
type Letter implements Node { id: ID! note: String }
type Secret implements Node { id: ID! note: String @requiresScopes(scopes: [["notes:read"]]) }
union Hit = Letter | Vault
type Vault @authenticated { content: String }
scalar Code @authenticated
`;

export const reviewsTypes = `${link}
type Query { reviews: [Review!]! }
type Review @key(fields: "id") { id: ID! text: String product: Product! }
type Product @key(fields: "id") { id: ID! reviews: [Review!]! secretReviews: [Review!] @authenticated }
`;

const products = [
  { id: '1', name: 'Lamp', stock: 3, price: 10, supplier: { name: 'Lux', country: 'NL' }, internal: 'internal-value' },
  { id: '2', name: 'Desk', stock: 4, price: 20, supplier: null, internal: 'internal-value' },
];
const review = { id: 'r1', text: 'Bright.', product: { id: '1' } };

export interface Shop {
  shop: Subgraph;
  reviews: Subgraph;
  /** Sends an event to each subscription. */
  sell(id: string): void;
  stop(): Promise<void>;
}

export async function startShop(): Promise<Shop> {
  const buyers = new Set<(id: string) => void>();
  const shop = await startSubgraph('shop', shopTypes, {
    Query: {
      products: () => products,
      product: (_: unknown, { id }: { id: string }) => products.find((one) => one.id === id) ?? null,
      nothing: () => null,
      none: () => [],
      nodes: () => [
        { __typename: 'Letter', id: 'l1', note: 'open-note' },
        { __typename: 'Secret', id: 's1', note: 'secret-note' },
      ],
      hits: () => [
        { __typename: 'Letter', id: 'l1', note: 'open-note' },
        { __typename: 'Vault', content: 'gold' },
      ],
      vault: () => ({ content: 'gold' }),
      report: (_: unknown, { year }: { year: number }) => `report-${year}`,
      either: () => 'either-value',
      version: () => '1',
      strict: () => 'strict-value',
      code: () => 'code-value',
    },
    Mutation: {
      addProduct: () => ({ product: products[0], log: 'log-value' }),
      removeProduct: () => true,
    },
    Subscription: { sold: { subscribe: () => sales(buyers), resolve: (product: unknown) => product } },
    Product: { __resolveReference: ({ id }: { id: string }) => products.find((one) => one.id === id) },
  });
  const reviews = await startSubgraph('reviews', reviewsTypes, {
    Query: { reviews: () => [review] },
    Product: {
      reviews: ({ id }: { id: string }) => (id === '1' ? [review] : []),
      secretReviews: ({ id }: { id: string }) => (id === '1' ? [review] : []),
    },
  });
  return {
    shop,
    reviews,
    sell: (id) => {
      for (const buy of buyers) buy(id);
    },
    stop: async () => {
      await Promise.all([shop.stop(), reviews.stop()]);
    },
  };
}

async function* sales(buyers: Set<(id: string) => void>) {
  try {
    for (;;) {
      const id = await new Promise<string>((resolve) => buyers.add(resolve));
      yield products.find((one) => one.id === id);
    }
  } finally {
    buyers.clear();
  }
}
