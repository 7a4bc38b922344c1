/**
 * The documents that a gateway with TRUSTED_DOCUMENTS answers, and no others. A client sends the id of one, as
 * `documentId` (GraphQL over HTTP, appendix A; with or without `sha256:`) or `extensions.persistedQuery.sha256Hash`
 * (Apollo's and urql's clients), or its text. Everything else is refused before it is compared with the schema.
 */
import { type ASTNode, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { Viewer } from '../../domain/caller.ts';
import { maxTokens } from './document-limits.ts';

/** The parameters of a request that say which document it asks for. Unchecked. */
export interface Asked {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/** How much longer than the longest of them a text can be that only has more white space: it is not looked at. */
const roomyTimes = 4;

export class TrustedDocuments {
  readonly #byId: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;
  readonly #longest: number;

  /**
   * @param byId each document's text by its id
   * @throws Error when one of them is no GraphQL
   */
  constructor(byId: ReadonlyMap<string, string>) {
    this.#byId = new Map([...byId].map(([id, text]) => [bare(id), text]));
    this.#texts = new Set([...byId].map(([id, text]) => known(id, text)));
    this.#longest = Math.max(...[...byId.values()].map(({ length }) => length));
  }

  /** @returns the text to answer, or null when it is none that is known. A text decides over an id beside it. */
  find({ query, documentId, extensions }: Asked): string | null {
    if (query !== undefined && query !== null) return typeof query === 'string' && this.#knows(query) ? query : null;
    const id = documentId ?? persistedQueryOf(extensions)?.sha256Hash;
    return typeof id === 'string' ? (this.#byId.get(bare(id)) ?? null) : null;
  }

  #knows(text: string): boolean {
    if (text.length > this.#longest * roomyTimes) return false;
    const canonical = canonicalForm(text);
    return canonical !== null && this.#texts.has(canonical);
  }
}

/**
 * The users of Sandbox where it is enabled: administrators, with the second factor and from the network that
 * administration demands. They may ask for anything that their role may.
 */
export function mayAskAnything({ role, standing }: Viewer): boolean {
  const isProven = !standing.secondFactorRequired || standing.secondFactor === 'proven';
  return role.permissions.includes('audit:read') && isProven && standing.adminNetwork;
}

/** The extensions without the id, which Apollo would refuse: what it stood for has been found. */
export function withoutPersistedQuery(extensions: unknown): unknown {
  if (!isRecord(extensions)) return extensions;
  const { persistedQuery: _found, ...others } = extensions;
  return others;
}

function persistedQueryOf(extensions: unknown): Readonly<Record<string, unknown>> | null {
  const persistedQuery = isRecord(extensions) ? extensions.persistedQuery : null;
  return isRecord(persistedQuery) ? persistedQuery : null;
}

/** The preset names the hash in its ids, and not every client does. */
function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}

function known(id: string, text: string): string {
  const canonical = canonicalForm(text);
  if (canonical === null) throw new Error(`TRUSTED_DOCUMENTS: the document ${id} is no GraphQL that is answered here`);
  return canonical;
}

/**
 * The preset sorts what it prints, so a text is compared without regard to white space and order, neither of which asks
 * for anything else. Null: it is no GraphQL.
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
