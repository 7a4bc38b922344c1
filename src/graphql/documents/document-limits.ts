/**
 * Limits the size of a document, in every dimension that graphql does not limit by itself. The limits are checked before
 * graphql's own rules, because some of those take quadratic time (measured: 490 times the same field take 240 ms).
 * graphql-armor's rules run beside graphql's, and throw errors that Apollo answers with status 500.
 */
import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { oncePerFragment } from './fragments.ts';

export const documentLimits = {
  /** Operations and fragments. */
  definitions: 100,
  /** Nested fields, through fragments. graphql's own rule limits introspection. */
  depth: 10,
  /** Fields, with each fragment counted at every spread: a few fragments that spread each other twice make millions. */
  fields: 1000,
  /** Fields of one name in one place, through fragments: graphql compares each pair. */
  sameName: 30,
  /** Fragments spread in one place: graphql compares each pair. */
  spreads: 50,
} as const;

/** More than any client needs, and few enough to parse quickly. */
export const maxTokens = 2000;

/** graphql stops after this many errors, and a response contains no more. */
export const maxErrors = 5;

export function withinLimits(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const problem = problemOf(document);
      if (problem === null) return;
      const error = tooMuch(`This document ${problem}`);
      // One error more than the maximum stops graphql. It has no other way to end a validation.
      for (let times = 0; times <= maxErrors; times += 1) context.reportError(error);
    },
  };
}

/** The error of a valid document that exceeds a limit. */
export function tooMuch(message: string, nodes: readonly ASTNode[] = []): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', tooMuch: true, http: { status: 400 } };
  return new GraphQLError(message, { nodes, extensions });
}

export function isTooMuch({ extensions, message }: GraphQLError): boolean {
  // The limit of graphql's parser has no code: only the message tells it from a syntax error.
  return extensions.tooMuch === true || /Document contains more th\w+ \d+ tokens/.test(message);
}

/** @returns the exceeded limit, as the end of the sentence "This document …" */
export function problemOf({ definitions }: DocumentNode): string | null {
  if (definitions.length > documentLimits.definitions)
    return `has more than ${documentLimits.definitions} definitions.`;
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const measure = createMeasure(fragments);
  const roots = definitions.filter((node) => 'selectionSet' in node);
  for (const { kind, selectionSet } of roots) {
    const { depth, fields } = measure(selectionSet);
    // Only operations have a depth limit. The fragment of the usual introspection query is deeper on its own.
    if (kind === Kind.OPERATION_DEFINITION && depth > documentLimits.depth)
      return `is deeper than ${documentLimits.depth} fields.`;
    if (fields > documentLimits.fields)
      return `selects more than ${documentLimits.fields} fields, fragments counted wherever they are spread.`;
  }
  return crowdIn(
    roots.map(({ selectionSet }) => selectionSet),
    fragments,
  );
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

interface Size {
  depth: number;
  fields: number;
}

const nothing: Size = { depth: 0, fields: 0 };

function createMeasure(fragments: Fragments): (set: SelectionSetNode) => Size {
  const sizeOfFragment = oncePerFragment({
    find: (name) => fragments.get(name),
    measure: ({ selectionSet }) => sizeOf(selectionSet),
    none: nothing,
  });

  function sizeOf({ selections }: SelectionSetNode): Size {
    let [depth, fields] = [0, 0];
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? sizeOf(selection.selectionSet) : nothing;
        depth = Math.max(depth, isIntrospection(selection.name.value) ? 1 : 1 + inner.depth);
        fields += 1 + inner.fields;
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? sizeOf(selection.selectionSet)
            : sizeOfFragment(selection.name.value);
        depth = Math.max(depth, inner.depth);
        fields += inner.fields;
      }
    }
    return { depth, fields };
  }

  return sizeOf;
}

function isIntrospection(name: string): boolean {
  return name.startsWith('__');
}

/** Checks every selection set and every nested one, each of them once. @returns the exceeded limit of one place */
function crowdIn(sets: readonly SelectionSetNode[], fragments: Fragments): string | null {
  const all = new Set(sets);
  for (const set of all) {
    const { fields, spreads } = flatten(set, fragments);
    const times = new Map<string, number>();
    for (const { alias, name, selectionSet } of fields) {
      const key = (alias ?? name).value;
      times.set(key, (times.get(key) ?? 0) + 1);
      if (selectionSet) all.add(selectionSet);
    }
    if (Math.max(0, ...times.values()) > documentLimits.sameName)
      return `selects a field more than ${documentLimits.sameName} times in one place.`;
    if (spreads > documentLimits.spreads) return `spreads more than ${documentLimits.spreads} fragments in one place.`;
  }
  return null;
}

/** The fields of a selection set, with fragments replaced by their fields. */
function flatten(set: SelectionSetNode, fragments: Fragments): { fields: FieldNode[]; spreads: number } {
  const fields: FieldNode[] = [];
  const spread = new Set<string>();
  const open = [set];
  for (const { selections } of open) {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) open.push(fragment.selectionSet);
      }
    }
  }
  return { fields, spreads: spread.size };
}
