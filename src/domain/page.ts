/**
 * Keyset pages (the Relay connection specification): a page begins after a row, not at an offset, so the last page is as
 * fast as the first, and pages are stable while rows are added. The position of a row is its id (UUIDv7, so newest first),
 * or a sort key with the id as the tie-breaker.
 */
import { type FieldProblem, Refusal } from './errors.ts';

export interface PageRequest {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

export interface Page<Node> {
  nodes: Node[];
  /** The nodes with their cursors. */
  edges: { cursor: string; node: Node }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** The length of the whole list, up to a bound (persistence/bounded-count.ts). Costs a query. */
  count(): Promise<number>;
}

const defaultSize = 20;
const maxSize = 100;

/** The position of a row. In a list that is ordered by id alone the key is empty. */
export interface Place {
  key: string;
  id: string;
}

/** Rows to read: between two positions, at most `limit`, in the order of the list; backwards, from its end. */
export interface Range {
  after: Place | null;
  before: Place | null;
  backwards: boolean;
  limit: number;
}

export interface SortedSource<Row, Node> {
  find(range: Range): Promise<Row[]>;
  count(): Promise<number>;
  placeOf(row: Row): Place;
  /** Whether the key of a cursor is possible in this list. */
  isKey(key: string): boolean;
  toNode(row: Row): Node;
}

/** Rows of a list by id to read: those that the keyset selects, in this order, at most `limit`. */
export interface Slice {
  keyset: { id?: { $lt?: string; $gt?: string } };
  orderBy: { id: 'asc' | 'desc' };
  limit: number;
}

export interface PageSource<Row, Node> {
  find(slice: Slice): Promise<Row[]>;
  count(): Promise<number>;
  toNode(row: Row): Node;
}

/** A page of a list that is ordered by id, newest first. @throws Refusal BAD_USER_INPUT */
export function readPage<Row extends { id: string }, Node>(
  request: PageRequest,
  { find, count, toNode }: PageSource<Row, Node>,
): Promise<Page<Node>> {
  return readSortedPage(request, {
    find: (range) => find(sliceOf(range)),
    count,
    placeOf: ({ id }) => ({ key: '', id }),
    isKey: (key) => key === '',
    toNode,
  });
}

/** A page of a list in memory, newest first. @throws Refusal BAD_USER_INPUT */
export function pageOf<Node extends { id: string }>(
  request: PageRequest,
  newestFirst: readonly Node[],
): Promise<Page<Node>> {
  return readPage(request, {
    async find({ keyset: { id: { $lt, $gt } = {} }, orderBy, limit }) {
      const inOrder = orderBy.id === 'desc' ? newestFirst : newestFirst.toReversed();
      const between = inOrder.filter(({ id }) => (!$lt || id < $lt) && (!$gt || id > $gt));
      return between.slice(0, limit);
    },
    count: async () => newestFirst.length,
    toNode: (node) => node,
  });
}

/** A page of a list that is ordered by a sort key and by id. @throws Refusal BAD_USER_INPUT */
export async function readSortedPage<Row, Node>(
  request: PageRequest,
  source: SortedSource<Row, Node>,
): Promise<Page<Node>> {
  const { size, backwards, after, before } = checked(request, source.isKey);
  // One row more than requested shows whether another page follows.
  const found = await source.find({ after, before, backwards, limit: size + 1 });
  const rows = found.slice(0, size);
  const hasMore = found.length > size;
  const edges = (backwards ? rows.toReversed() : rows).map((row) => ({
    cursor: cursorOf(source.placeOf(row)),
    node: source.toNode(row),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    hasNextPage: backwards ? before !== null : hasMore,
    hasPreviousPage: backwards ? hasMore : after !== null,
    count: () => source.count(),
  };
}

export function cursorOf({ key, id }: Place): string {
  const idBytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  return Buffer.concat([idBytes, Buffer.from(key)]).toString('base64url');
}

function sliceOf({ after, before, backwards, limit }: Range): Slice {
  const bounds = { ...(after && { $lt: after.id }), ...(before && { $gt: before.id }) };
  const keyset = Object.keys(bounds).length > 0 ? { id: bounds } : {};
  return { keyset, orderBy: { id: backwards ? 'asc' : 'desc' }, limit };
}

function checked({ first, after: afterText, last, before: beforeText }: PageRequest, isKey: (key: string) => boolean) {
  const backwards = last != null && first == null;
  const size = first ?? last ?? defaultSize;
  const after = afterText ? placeIn(afterText, isKey) : null;
  const before = beforeText ? placeIn(beforeText, isKey) : null;
  const problem = (path: string, code: string, message: string): FieldProblem => ({ path, code, message });
  const fields: FieldProblem[] = [
    ...(size < 0 || size > maxSize
      ? [problem(backwards ? 'last' : 'first', 'OUT_OF_RANGE', `Request 0 to ${maxSize} entries.`)]
      : []),
    ...(first != null && last != null ? [problem('last', 'CONTRADICTION', 'Use either first or last.')] : []),
    ...(afterText && after === null ? [problem('after', 'INVALID_CURSOR', cursorAdvice)] : []),
    ...(beforeText && before === null ? [problem('before', 'INVALID_CURSOR', cursorAdvice)] : []),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { size, backwards, after, before };
}

const cursorAdvice = 'Use a cursor of this list in the same order: of an edge or of pageInfo.';
const idLength = 16;

function placeIn(cursor: string, isKey: (key: string) => boolean): Place | null {
  const bytes = Buffer.from(cursor, 'base64url');
  const hex = bytes.subarray(0, idLength).toString('hex');
  const key = bytes.subarray(idLength).toString();
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex) ?? [];
  return parts.length === 5 && isKey(key) ? { key, id: parts.join('-') } : null;
}
