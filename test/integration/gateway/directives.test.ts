/** `@authenticated`, `@requiresScopes` and `@policy`, with both composers and both planners. */
import { describe, expect, test } from 'vitest';
import { composers } from '../../support/federation/compose.ts';
import { planners, useShop } from '../../support/federation/use-shop.ts';

interface Case {
  name: string;
  query: string;
  permissions?: readonly string[];
  data: unknown;
  /** Code and path of each error. */
  errors?: readonly [string, ...(string | number)[]][];
  /** What must not appear in any request to a subgraph. */
  unfetched?: RegExp;
}

const cases: Case[] = [
  { name: 'A public field is answered', query: '{ version }', data: { version: '1' } },
  {
    name: 'A refused field in a list is null at each place',
    query: '{ products { name stock } }',
    data: {
      products: [
        { name: 'Lamp', stock: null },
        { name: 'Desk', stock: null },
      ],
    },
    errors: [
      ['UNAUTHENTICATED', 'products', 0, 'stock'],
      ['UNAUTHENTICATED', 'products', 1, 'stock'],
    ],
    unfetched: /stock/,
  },
  {
    name: 'One of the alternatives of scopes is enough',
    query: '{ product(id: "1") { stock } }',
    permissions: ['admin', 'stock:write'],
    data: { product: { stock: 3 } },
  },
  {
    name: 'Half of an alternative is not enough',
    query: '{ product(id: "1") { stock } }',
    permissions: ['admin'],
    data: { product: { stock: null } },
    errors: [['FORBIDDEN', 'product', 'stock']],
    unfetched: /stock/,
  },
  {
    name: 'A refused field that cannot be null makes its parent null',
    query: '{ product(id: "1") { name price } version }',
    data: { product: null, version: '1' },
    errors: [['UNAUTHENTICATED', 'product', 'price']],
    unfetched: /price/,
  },
  {
    name: 'A chain that cannot be null ends at the response',
    query: '{ products { price } version }',
    data: null,
    errors: [
      ['UNAUTHENTICATED', 'products', 0, 'price'],
      ['UNAUTHENTICATED', 'products', 1, 'price'],
    ],
    unfetched: /price/,
  },
  {
    name: 'A refused root field that cannot be null stops the operation',
    query: '{ version strict }',
    data: null,
    errors: [['UNAUTHENTICATED', 'strict']],
    unfetched: /version/,
  },
  {
    name: 'A field of an interface is judged by the concrete type',
    query: '{ nodes { ... on Secret { note } ... on Letter { note } } }',
    data: { nodes: [{ note: 'open-note' }, { note: null }] },
    errors: [['UNAUTHENTICATED', 'nodes', 1, 'note']],
    unfetched: /on Secret\s*\{\s*note/,
  },
  {
    name: 'A protected type behind a union is refused',
    query: '{ hits { __typename ... on Letter { id } ... on Vault { content } } }',
    data: {
      hits: [
        { __typename: 'Letter', id: 'l1' },
        { __typename: 'Vault', content: null },
      ],
    },
    errors: [['UNAUTHENTICATED', 'hits', 1, 'content']],
    unfetched: /content/,
  },
  {
    name: 'A field that returns a protected type is refused',
    query: '{ vault { content } code version }',
    data: { vault: null, code: null, version: '1' },
    errors: [
      ['UNAUTHENTICATED', 'vault'],
      ['UNAUTHENTICATED', 'code'],
    ],
    unfetched: /vault|code/,
  },
  {
    name: 'A policy allows an anonymous caller',
    query: '{ report(year: 2026) either }',
    data: { report: 'report-2026', either: 'either-value' },
  },
  {
    name: 'A field of another subgraph is refused before its entity is fetched',
    query: '{ product(id: "1") { name secretReviews { text } } }',
    data: { product: { name: 'Lamp', secretReviews: null } },
    errors: [['UNAUTHENTICATED', 'product', 'secretReviews']],
    unfetched: /secretReviews|_entities/,
  },
  {
    name: 'A refusal below a null is reported at the null',
    query: '{ nothing { stock } none { stock } }',
    data: { nothing: null, none: [] },
    errors: [
      ['UNAUTHENTICATED', 'nothing'],
      ['UNAUTHENTICATED', 'none'],
    ],
    unfetched: /stock/,
  },
  {
    name: 'Aliases, fragments and directives hide nothing',
    query: `query { product(id: "1") { ...A a: stock @include(if: true) ... @skip(if: false) { b: stock } c: stock @skip(if: true) } }
      fragment A on Product { name ...B } fragment B on Product { d: stock }`,
    data: { product: { name: 'Lamp', d: null, a: null, b: null } },
    errors: [
      ['UNAUTHENTICATED', 'product', 'd'],
      ['UNAUTHENTICATED', 'product', 'a'],
      ['UNAUTHENTICATED', 'product', 'b'],
    ],
    unfetched: /stock/,
  },
  {
    name: 'A refused mutation is not executed',
    query: 'mutation { removeProduct(id: "1") }',
    permissions: ['stock:read'],
    data: { removeProduct: null },
    errors: [['FORBIDDEN', 'removeProduct']],
    unfetched: /removeProduct/,
  },
  {
    name: 'A refused field of a payload does not stop the mutation',
    query: 'mutation { addProduct(name: "Chair") { product { name } log } }',
    data: { addProduct: { product: { name: 'Lamp' }, log: null } },
    errors: [['UNAUTHENTICATED', 'addProduct', 'log']],
    unfetched: /log/,
  },
];

describe.each(composers)('composed by %s', (composer) => {
  describe.each(planners)('with the %s planner', (planner) => {
    const gateway = useShop({ composer, planner });

    test.each(cases)('$name', async ({ query, permissions, data, errors = [], unfetched }) => {
      gateway.received();
      const token = permissions && (await gateway.postern.token({ permissions }));
      const answer = await gateway.ask(query, { token });
      expect(
        answer.errors.map(({ extensions, path }) => [extensions.code, ...(Array.isArray(path) ? path : [])]),
      ).toEqual(errors);
      expect(answer.data).toEqual(data);
      if (unfetched) expect(gateway.received()).not.toMatch(unfetched);
    });

    test('A field that only some types refuse is answered by the others', async () => {
      const { data, errors } = await gateway.ask('{ nodes { id note } }');
      expect(JSON.stringify(data)).not.toContain('secret-note');
      expect(errors.map(({ path }) => path)).toContainEqual(['nodes', 1, 'note']);
    });

    test('A caller with the scope reads all of an interface', async () => {
      const token = await gateway.postern.token({ permissions: ['notes:read'] });
      const { data, errors } = await gateway.ask('{ nodes { id note } }', { token });
      expect(errors).toEqual([]);
      expect(data).toEqual({
        nodes: [
          { id: 'l1', note: 'open-note' },
          { id: 's1', note: 'secret-note' },
        ],
      });
    });

    test('Elements of federation and inaccessible elements do not exist', async () => {
      for (const query of [
        '{ _entities(representations: []) { __typename } }',
        '{ _service { sdl } }',
        '{ products { internal } }',
      ]) {
        const { errors, data } = await gateway.ask(query);
        expect([errors.length > 0, data ?? null]).toEqual([true, null]);
      }
      const { text } = await gateway.ask('{ __schema { types { name fields { name } } } }');
      expect(text).not.toMatch(/internal|_entities|_service|_Any|join__/);
    });
  });
});
