/** Composes one schema from several: fetches the schema of each subgraph, as the gateway, and composes them. */
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

export interface Subgraph {
  name: string;
  url: string;
}

/** @throws Error when a subgraph does not respond, or when the schemas do not compose */
export async function composeSupergraph(subgraphs: readonly Subgraph[], routerSecret: string): Promise<string> {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url }) => ({ name, url, typeDefs: parse(await fetchSdl(url, routerSecret)) })),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'the subgraphs do not compose');
  return supergraphSdl;
}

async function fetchSdl(url: string, routerSecret: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': routerSecret },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data, errors } = await response.json();
  if (!data) throw new Error(`${url} does not tell its schema: ${JSON.stringify(errors)}`);
  return data._service.sdl;
}
