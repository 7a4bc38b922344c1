/**
 * Keyset pages (the Relay connection specification): a page begins behind an id, not at an offset, so it is as fast on
 * the last page as on the first and stable while rows are added. Newest first: ids are UUIDv7.
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
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Of the whole list; costs a query. */
  count(): Promise<number>;
}

const defaultSize = 20;
const maxSize = 100;

/** What to read: rows whose id lies where the keyset says, in this order, so many at most. */
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

/** @throws Refusal BAD_USER_INPUT */
export async function readPage<Row, Node>(request: PageRequest, source: PageSource<Row, Node>): Promise<Page<Node>> {
  const { size, backwards, afterId, beforeId } = checked(request);
  const bounds = { ...(afterId !== null && { $lt: afterId }), ...(beforeId !== null && { $gt: beforeId }) };
  const keyset = Object.keys(bounds).length > 0 ? { id: bounds } : {};
  // One more than asked for tells whether there is more.
  const found = await source.find({ keyset, orderBy: { id: backwards ? 'asc' : 'desc' }, limit: size + 1 });
  const rows = found.slice(0, size);
  const hasMore = found.length > size;
  return {
    nodes: (backwards ? rows.toReversed() : rows).map((row) => source.toNode(row)),
    hasNextPage: backwards ? beforeId !== null : hasMore,
    hasPreviousPage: backwards ? hasMore : afterId !== null,
    count: () => source.count(),
  };
}

export function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function checked({ first, after, last, before }: PageRequest) {
  const backwards = last != null && first == null;
  const size = first ?? last ?? defaultSize;
  const afterId = after ? idOf(after) : null;
  const beforeId = before ? idOf(before) : null;
  const problem = (path: string, code: string, message: string): FieldProblem => ({ path, code, message });
  const fields: FieldProblem[] = [
    ...(size < 1 || size > maxSize
      ? [problem(backwards ? 'last' : 'first', 'OUT_OF_RANGE', `Ask for 1 to ${maxSize}.`)]
      : []),
    ...(first != null && last != null ? [problem('last', 'CONTRADICTION', 'Give either first or last.')] : []),
    ...(after && afterId === null ? [problem('after', 'INVALID_CURSOR', cursorAdvice)] : []),
    ...(before && beforeId === null ? [problem('before', 'INVALID_CURSOR', cursorAdvice)] : []),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { size, backwards, afterId, beforeId };
}

const cursorAdvice = 'Give the cursor of an edge, or one of pageInfo.';

function idOf(cursor: string): string | null {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex) ?? [];
  return parts.length === 5 ? parts.join('-') : null;
}
