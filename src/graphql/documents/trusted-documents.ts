/**
 * The documents that a gateway with TRUSTED_DOCUMENTS executes; it refuses all others. A client sends the id of one, as
 * `documentId` (GraphQL over HTTP, appendix A; with or without `sha256:`) or `extensions.persistedQuery.sha256Hash`
 * (clients of Apollo and urql), or its text. Any other text is refused before it is compared with the schema.
 */
import { type ASTNode, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { Viewer } from '../../domain/caller.ts';
import { maxTokens } from './document-limits.ts';

/** The parameters of a request that identify its document. Unchecked. */
export interface DocumentRequest {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/**
 * A text this many times as long as the longest document is unknown whatever its white space: it is refused without
 * parsing.
 */
const maxTextRatio = 4;

export class TrustedDocuments {
  readonly #byId: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;
  readonly #longest: number;

  /** @param byId the text of each document by its id @throws Error when one of them is not GraphQL */
  constructor(byId: ReadonlyMap<string, string>) {
    this.#byId = new Map([...byId].map(([id, text]) => [bare(id), text]));
    this.#texts = new Set([...byId].map(([id, text]) => known(id, text)));
    this.#longest = Math.max(...[...byId.values()].map(({ length }) => length));
  }

  /** @returns the text to execute, or null when it is unknown. A text takes precedence over an id. */
  find({ query, documentId, extensions }: DocumentRequest): string | null {
    if (query !== undefined && query !== null) return typeof query === 'string' && this.#knows(query) ? query : null;
    const id = documentId ?? persistedQueryOf(extensions)?.sha256Hash;
    return typeof id === 'string' ? (this.#byId.get(bare(id)) ?? null) : null;
  }

  #knows(text: string): boolean {
    if (text.length > this.#longest * maxTextRatio) return false;
    const canonical = canonicalForm(text);
    return canonical !== null && this.#texts.has(canonical);
  }
}

/**
 * The users of Sandbox where it is enabled: administrators, with the second factor and from the network that
 * administration requires. They may send any document; their permissions apply.
 */
export function maySendAnyDocument({ role, standing }: Viewer): boolean {
  const isProven = !standing.secondFactorRequired || standing.secondFactor === 'proven';
  return role.permissions.includes('audit:read') && isProven && standing.adminNetwork;
}

/** The extensions without the id, which Apollo would refuse: its document is already known. */
export function withoutPersistedQuery(extensions: unknown): unknown {
  if (!isRecord(extensions)) return extensions;
  const { persistedQuery: _found, ...others } = extensions;
  return others;
}

function persistedQueryOf(extensions: unknown): Readonly<Record<string, unknown>> | null {
  const persistedQuery = isRecord(extensions) ? extensions.persistedQuery : null;
  return isRecord(persistedQuery) ? persistedQuery : null;
}

/** The preset puts the name of the hash into its ids, and some clients omit it. */
function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}

function known(id: string, text: string): string {
  const canonical = canonicalForm(text);
  if (canonical === null) throw new Error(`TRUSTED_DOCUMENTS: the document ${id} is no GraphQL that is answered here`);
  return canonical;
}

/**
 * The preset sorts its output, so texts are compared without white space and order, which do not change the meaning.
 * Null: it is not GraphQL.
 */
function canonicalForm(text: string): string | null {
  try {
    const sorted = visit(parse(text, { noLocation: true, maxTokens }), {
      Document: { leave: (node) => ({ ...node, definitions: inOrder(node.definitions) }) },
      OperationDefinition: {
        leave: (node) => ({ ...node, variableDefinitions: inOrder(node.variableDefinitions ?? []) }),
      },
      SelectionSet: { leave: (node) => ({ ...node, selections: inOrder(node.selections) }) },
      Field: { leave: (node) => ({ ...node, arguments: inOrder(node.arguments ?? []) }) },
    });
    return stripIgnoredCharacters(print(sorted));
  } catch {
    return null;
  }
}

function inOrder<Node extends ASTNode>(nodes: readonly Node[]): Node[] {
  const printed = new Map(nodes.map((node) => [node, print(node)]));
  return [...nodes].sort((one, other) => ((printed.get(one) ?? '') < (printed.get(other) ?? '') ? -1 : 1));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
