/**
 * Keyset pages (the Relay connection specification): a page begins behind an id, not at an offset, so it is as fast on
 * the last page as on the first and stable while rows are added. Newest first: ids are UUIDv7.
 */
import { type FieldProblem, Refusal } from './errors.ts';

export interface PageRequest {
  first?: number | null | undefined;
  after?: string | null | undefined;
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

export interface PageSource<Row, Node> {
  /** @param keyset a condition on `id` to add */
  find(keyset: { id?: { $lt: string } }, limit: number): Promise<Row[]>;
  count(): Promise<number>;
  toNode(row: Row): Node;
}

/** @throws Refusal BAD_USER_INPUT */
export async function readPage<Row, Node>(request: PageRequest, source: PageSource<Row, Node>): Promise<Page<Node>> {
  const { size, afterId } = checked(request);
  // One more than asked for tells whether there is a next page.
  const rows = await source.find(afterId === null ? {} : { id: { $lt: afterId } }, size + 1);
  return {
    nodes: rows.slice(0, size).map((row) => source.toNode(row)),
    hasNextPage: rows.length > size,
    hasPreviousPage: afterId !== null,
    count: () => source.count(),
  };
}

export function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function checked({ first, after }: PageRequest): { size: number; afterId: string | null } {
  const size = first ?? defaultSize;
  const afterId = after ? idOf(after) : null;
  const fields: FieldProblem[] = [
    ...(size < 1 || size > maxSize
      ? [{ path: 'first', code: 'OUT_OF_RANGE', message: `Ask for 1 to ${maxSize}.` }]
      : []),
    ...(after && afterId === null
      ? [{ path: 'after', code: 'INVALID_CURSOR', message: 'Give the cursor of an edge, or pageInfo.endCursor.' }]
      : []),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { size, afterId };
}

function idOf(cursor: string): string | null {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex) ?? [];
  return parts.length === 5 ? parts.join('-') : null;
}
