/** What introspection shows with and without a router, and that queries of hidden fields get their usual response. */
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { printSdl } from '../../src/graphql/sdl.ts';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import type { TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';

const alone = useGateway();
const routed = useGateway({ ROUTER_SECRET: 'only-the-router-and-we-know-this-one' }, alone);

async function sdlOf(gateway: TestGateway, query = getIntrospectionQuery({ specifiedByUrl: true })): Promise<string> {
  const response = await gateway.post({ query });
  const { data }: { data: IntrospectionQuery } = await response.json();
  return printSchema(lexicographicSortSchema(buildClientSchema(data)));
}

const committed = () =>
  printSdl()
    .replace(/^#.*\n\n/, '')
    .trim();

describe('without ROUTER_SECRET', () => {
  test('introspection is the published SDL', async () => {
    expect(await sdlOf(alone)).toBe(committed());
  });

  test('introspection inside a fragment is the published SDL', async () => {
    const [operation, ...fragments] = getIntrospectionQuery({ specifiedByUrl: true }).split(/(?=fragment )/);
    const root = operation?.replace(
      /query IntrospectionQuery \{/,
      'query { ... on Query { ...Root } } fragment Root on Query {',
    );
    expect(await sdlOf(alone, [root, ...fragments].join('\n'))).toBe(committed());
  });

  test.each(['_Any', '_Entity', '_Service'])('the type %s does not exist', async (name) => {
    const query = 'query ($name: String!) { __type(name: $name) { name } }';
    const { data } = await answerOf(alone.post({ query, variables: { name } }));
    expect(data).toEqual({ __type: null });
  });

  test.each(['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }'])(
    '%s still answers FORBIDDEN',
    async (query) => {
      expect(errorOf(await answerOf(alone.post({ query }))).extensions.code).toBe('FORBIDDEN');
    },
  );
});

test('with ROUTER_SECRET, introspection contains the federation fields', async () => {
  const sdl = await sdlOf(routed);
  for (const part of ['_entities(', '_service: _Service!', 'scalar _Any']) expect(sdl).toContain(part);
});
