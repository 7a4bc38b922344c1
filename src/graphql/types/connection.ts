/** Relay connections: pages of a list, addressed by cursors. */
import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page } from '../../domain/page.ts';

@ObjectType({ description: 'The position of a page in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'True when entries follow this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when entries precede this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge. Pass it as `after` to get the next page.',
  })
  endCursor!: string | null;
}

interface EdgeOf<Node> {
  cursor: string;
  node: Node;
}

export interface ConnectionOf<Node> {
  edges: EdgeOf<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: Promise<number>;
}

/** @returns the connection type of a node type; `plural` is for the descriptions */
export function connectionType<Node extends object>(
  nodeType: ClassType<Node>,
  name: string,
  plural: string,
): ClassType<ConnectionOf<Node>> {
  const edgeType = createEdgeType(nodeType, name, plural);

  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class Connection implements ConnectionOf<Node> {
    @Field(() => [edgeType], { description: 'The entries of the page with their cursors.' })
    edges!: EdgeOf<Node>[];

    @Field(() => [nodeType], { description: 'The entries of the page without cursors.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'The position of the page in the list.' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      description: 'The number of entries in the whole list, up to 1,000; 1001 means more. Counted only when selected.',
    })
    totalCount!: Promise<number>;
  }
  return Connection;
}

function createEdgeType<Node extends object>(
  nodeType: ClassType<Node>,
  name: string,
  plural: string,
): ClassType<EdgeOf<Node>> {
  @ObjectType(`${name}Edge`, { description: `One entry of a page of ${plural}.` })
  class Edge implements EdgeOf<Node> {
    @Field(() => String, {
      description: 'The cursor of this entry. Pass it as `after` to get the entries that follow.',
    })
    cursor!: string;

    @Field(() => nodeType, { description: `The ${name}.` })
    node!: Node;
  }
  return Edge;
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
