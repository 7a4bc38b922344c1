/** Relay connections: pages that are walked by cursor. */
import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page } from '../../domain/page.ts';

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more behind this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is more before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge: give it as `after` for the next page.',
  })
  endCursor!: string | null;
}

export interface ConnectionOf<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: Promise<number>;
}

/** The edge and connection types of a node type. */
export function connectionType<Node extends object>(
  nodeType: ClassType<Node>,
  name: string,
): ClassType<ConnectionOf<Node>> {
  @ObjectType(`${name}Edge`, { description: `A ${name} and its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'Its place: give it as `after` to go on behind it.' })
    cursor!: string;

    @Field(() => nodeType, { description: `The ${name}.` })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}s.` })
  class Connection implements ConnectionOf<Node> {
    @Field(() => [Edge], { description: 'The page, with cursors.' })
    edges!: Edge[];

    @Field(() => [nodeType], { description: 'The page, without cursors.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where the page lies.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many there are in the whole list. Counted only when it is asked for.' })
    totalCount!: Promise<number>;
  }
  return Connection;
}

export function toConnection<Node>(page: Page<Node>): ConnectionOf<Node> {
  const { edges, nodes, hasNextPage, hasPreviousPage } = page;
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    get totalCount() {
      return page.count();
    },
  };
}
