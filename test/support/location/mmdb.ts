/** Writes MMDB files (MaxMind DB 2.0), so that tests choose where their addresses are. */
import ipaddr from 'ipaddr.js';

export type MmdbValue = string | number | boolean | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

export interface MmdbOptions {
  /** 4: only IPv4 networks. 6: IPv4 networks are stored below `::/96`. */
  ipVersion?: 4 | 6;
  builtAt?: Date;
  type?: string;
}

/** The offset of a record in the data section. */
type Leaf = number;
interface Node {
  children: [Child, Child];
}
type Child = Node | Leaf | null;

/** @param records by network, for example `203.0.113.0/24`; a network may lie within another one */
export function mmdb(
  records: Readonly<Record<string, MmdbValue>>,
  { ipVersion = 6, builtAt = new Date('2026-11-01T00:00:00Z'), type = 'Test-City' }: MmdbOptions = {},
): Buffer {
  const root: Node = { children: [null, null] };
  const data: Buffer[] = [];
  let size = 0;
  const networks = Object.entries(records).map(([network, record]) => ({ bits: bitsOf(network, ipVersion), record }));
  for (const { bits, record } of networks.sort((one, other) => one.bits.length - other.bits.length)) {
    const encoded = encode(record);
    insert(root, bits, size);
    data.push(encoded);
    size += encoded.length;
  }
  const { tree, nodeCount } = writeTree(root);
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor(builtAt.getTime() / 1000),
    database_type: type,
    description: { en: 'written by a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodeCount,
    record_size: 24,
  };
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, encode(metadata)]);
}

function bitsOf(network: string, ipVersion: 4 | 6): number[] {
  const [address, prefix] = ipaddr.parseCIDR(network);
  const bytes = address.toByteArray();
  const isMapped = ipVersion === 6 && bytes.length === 4;
  const all = [...(isMapped ? new Array<number>(12).fill(0) : []), ...bytes];
  const bits = all.flatMap((byte) => Array.from({ length: 8 }, (_, index) => (byte >> (7 - index)) & 1));
  return bits.slice(0, prefix + (isMapped ? 96 : 0));
}

function insert(root: Node, bits: readonly number[], leaf: Leaf): void {
  let node = root;
  for (const [depth, bit] of bits.entries()) {
    const side = bit === 0 ? 0 : 1;
    if (depth === bits.length - 1) {
      node.children[side] = leaf;
      return;
    }
    const child = node.children[side];
    // A network around this one: its record stays on the other side of each step.
    const next: Node = child !== null && typeof child === 'object' ? child : { children: [child, child] };
    node.children[side] = next;
    node = next;
  }
}

function writeTree(root: Node): { tree: Buffer; nodeCount: number } {
  const nodes = [root];
  for (const node of nodes) for (const child of node.children) if (isNode(child)) nodes.push(child);
  const places = new Map(nodes.map((node, place) => [node, place]));
  const pointerTo = (child: Child) => {
    if (child === null) return nodes.length;
    return isNode(child) ? (places.get(child) ?? 0) : nodes.length + 16 + child;
  };
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [place, { children }] of nodes.entries())
    for (const [side, child] of children.entries()) tree.writeUIntBE(pointerTo(child), place * 6 + side * 3, 3);
  return { tree, nodeCount: nodes.length };
}

function isNode(child: Child): child is Node {
  return child !== null && typeof child === 'object';
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'boolean') return head(14, value ? 1 : 0);
  if (typeof value === 'string') return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') return encodeNumber(value);
  if (isList(value)) return Buffer.concat([head(11, value.length), ...value.map(encode)]);
  const pairs = Object.entries(value);
  return Buffer.concat([head(7, pairs.length), ...pairs.flatMap(([key, entry]) => [encode(key), encode(entry)])]);
}

function isList(value: MmdbValue): value is readonly MmdbValue[] {
  return Array.isArray(value);
}

function encodeNumber(value: number): Buffer {
  const isUnsigned = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  const bytes = Buffer.alloc(isUnsigned ? 4 : 8);
  if (isUnsigned) bytes.writeUInt32BE(value);
  else bytes.writeDoubleBE(value);
  return Buffer.concat([head(isUnsigned ? 6 : 3, bytes.length), bytes]);
}

/** The type and the size. Types above 7 have a byte of their own. */
function head(type: number, size: number): Buffer {
  if (size >= 285) throw new Error('the writer knows short values only');
  const sizes = size < 29 ? [size] : [29, size - 29];
  const [first = 0, ...rest] = sizes;
  return Buffer.from(type <= 7 ? [(type << 5) | first, ...rest] : [first, type - 7, ...rest]);
}
