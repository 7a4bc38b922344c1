/**
 * How large a document may be, in every direction that graphql does not limit by itself. Looked at before graphql's own
 * rules, some of which take the square of what they are given: 490 times the same field are 240 ms of nothing else.
 * graphql-armor's rules would throw out of the validation, which Apollo answers with 500, and run beside the others.
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

export const documentLimits = {
  /** Operations and fragments. */
  definitions: 100,
  /** Fields inside each other, through fragments. What introspection may is graphql's own rule. */
  depth: 10,
  /** Fields, each fragment counted wherever it is spread: a few that spread each other twice would be millions. */
  fields: 1000,
  /** Fields of one name side by side, through fragments: graphql compares each with each. */
  sameName: 30,
  /** Fragments spread side by side: compared as well. */
  spreads: 50,
} as const;

/** More than any of our clients needs, little enough to parse at once. */
export const maxTokens = 2000;

/** graphql stops at so many errors, and an answer holds no more. */
export const maxErrors = 5;

export function withinLimits(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const problem = problemOf(document);
      if (problem === null) return;
      const error = tooMuch(`This document ${problem}`);
      // One more than it takes: there is no other way to keep graphql from going on.
      for (let times = 0; times <= maxErrors; times += 1) context.reportError(error);
    },
  };
}

/** An error of a document that is not wrong, but more than we want to do for it. */
export function tooMuch(message: string, nodes: readonly ASTNode[] = []): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', tooMuch: true, http: { status: 400 } };
  return new GraphQLError(message, { nodes, extensions });
}

export function isTooMuch({ extensions, message }: GraphQLError): boolean {
  // graphql's own limit is part of its parser, and told from a slip of the pen by its words only.
  return extensions.tooMuch === true || /Document contains more th\w+ \d+ tokens/.test(message);
}

/** @returns what is too much, for the sentence "This document …" */
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
    // A fragment is as deep as the operation that spreads it; the one that tools ask for the schema with is for introspection.
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

/** Looks into each fragment once, however often it is spread. One that spreads itself is another rule's to refuse. */
function createMeasure(fragments: Fragments): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>();

  function sizeOfFragment(name: string): Size {
    const size = known.get(name);
    if (size) return size;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    const measured = fragment ? sizeOf(fragment.selectionSet) : nothing;
    known.set(name, measured);
    return measured;
  }

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

/** Whether too much stands side by side in any of the sets, or in one inside them. Looks at each once. */
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

/** What stands side by side once fragments are put in their place. */
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
