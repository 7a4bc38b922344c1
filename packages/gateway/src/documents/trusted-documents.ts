/**
 * The documents that a gateway with trusted documents executes; it refuses all others. A client sends the id of one, as
 * `documentId` or `extensions.persistedQuery.sha256Hash`, or its text. The same rules as the server's.
 */
import { readFile } from 'node:fs/promises';
import { type ASTNode, type DocumentNode, print, stripIgnoredCharacters, visit } from 'graphql';
import { GatewayError } from '../options.ts';
import { parseBounded } from './limits.ts';

export interface DocumentRequest {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/** A text this many times as long as the longest document is unknown: it is refused without parsing. */
const maxTextRatio = 4;

export class TrustedDocuments {
  readonly #byId: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;
  readonly #longest: number;

  /** @throws Error when a text is not GraphQL */
  constructor(byId: ReadonlyMap<string, string>) {
    this.#byId = new Map([...byId].map(([id, text]) => [bare(id), text]));
    this.#texts = new Set([...byId.values()].map((text) => canonicalForm(parseBounded(text))));
    this.#longest = Math.max(0, ...[...byId.values()].map(({ length }) => length));
  }

  /** @returns the text to execute, or null when it is unknown. A text takes precedence over an id. */
  find({ query, documentId, extensions }: DocumentRequest): string | null {
    if (query !== undefined && query !== null) return typeof query === 'string' && this.#knows(query) ? query : null;
    const id = documentId ?? hashIn(extensions);
    return typeof id === 'string' ? (this.#byId.get(bare(id)) ?? null) : null;
  }

  #knows(text: string): boolean {
    if (text.length > this.#longest * maxTextRatio) return false;
    try {
      return this.#texts.has(canonicalForm(parseBounded(text)));
    } catch {
      return false;
    }
  }
}

/** @param path of a JSON object: texts by id @throws GatewayError */
export async function readTrustedDocuments(path: string): Promise<TrustedDocuments> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof content !== 'object' || content === null) throw new Error('it is no JSON object');
    return new TrustedDocuments(new Map(Object.entries(content).map(([id, text]) => [id, String(text)])));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('OPTION_INVALID', `trustedDocuments: ${path} cannot be read: ${detail}`, { cause });
  }
}

/** The extensions without the id: the document is known by now. */
export function withoutPersistedQuery(extensions: unknown): Record<string, unknown> | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  const { persistedQuery: _found, ...others }: { persistedQuery?: unknown } = extensions;
  return others;
}

function hashIn(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) return undefined;
  const { persistedQuery } = extensions;
  if (typeof persistedQuery !== 'object' || persistedQuery === null || !('sha256Hash' in persistedQuery))
    return undefined;
  return persistedQuery.sha256Hash;
}

/** The preset puts the name of the hash into its ids, and some clients omit it. */
function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}

/** The preset sorts its output: texts are compared without white space and order, which do not change the meaning. */
function canonicalForm(document: DocumentNode): string {
  const sorted = visit(document, {
    Document: { leave: (node) => ({ ...node, definitions: inOrder(node.definitions) }) },
    OperationDefinition: {
      leave: (node) => ({ ...node, variableDefinitions: inOrder(node.variableDefinitions ?? []) }),
    },
    SelectionSet: { leave: (node) => ({ ...node, selections: inOrder(node.selections) }) },
    Field: { leave: (node) => ({ ...node, arguments: inOrder(node.arguments ?? []) }) },
  });
  return stripIgnoredCharacters(print(sorted));
}

function inOrder<Node extends ASTNode>(nodes: readonly Node[]): Node[] {
  const printed = new Map(nodes.map((node) => [node, print(node)]));
  return [...nodes].sort((one, other) => ((printed.get(one) ?? '') < (printed.get(other) ?? '') ? -1 : 1));
}
