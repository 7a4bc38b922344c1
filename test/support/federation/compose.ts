/** Composes subgraphs with each composer of the market. */
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import type { Subgraph } from './subgraph.ts';

export type Composer = 'guild' | 'apollo';
export const composers: readonly Composer[] = ['guild', 'apollo'];

export function compose(composer: Composer, subgraphs: readonly Pick<Subgraph, 'name' | 'url' | 'typeDefs'>[]): string {
  const services = subgraphs.map(({ name, url, typeDefs }) => ({ name, url, typeDefs: parse(typeDefs) }));
  const { supergraphSdl, errors } = (composer === 'guild' ? composeWithGuild : composeWithApollo)(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'the subgraphs do not compose');
  return supergraphSdl;
}
