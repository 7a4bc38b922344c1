/** Decides which of the protected fields of an operation the caller may select. */
import type { Caller, Problem } from '@postern/verify';
import { type FieldNode, type GraphQLError, getArgumentValues } from 'graphql';
import type { Policy, PolicyContext } from '../options.ts';
import { fieldError } from '../refusals.ts';
import type { DirectiveName, Requirement } from './directives.ts';
import { type Operation, type ProtectedField, visitFields } from './selections.ts';

/** Why a field is refused. */
export interface Denial {
  code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  directive: DirectiveName;
  coordinate: string;
  extensions: Readonly<Record<string, unknown>>;
}

/** The refused types of each refused field. */
export type Denials = ReadonlyMap<FieldNode, ReadonlyMap<string, Denial>>;

export interface Subject {
  caller: Caller | null;
  problem: Problem | null;
}

export interface AuthorizationOptions {
  policies: Readonly<Record<string, Policy>>;
  /** Whether refusals name the element and the directive. */
  isVerbose: boolean;
}

/** Longer, and the policy refuses. */
const policyMs = 2000;

export async function authorize(
  operation: Operation,
  fields: ReadonlyMap<FieldNode, ProtectedField>,
  variables: Readonly<Record<string, unknown>>,
  subject: Subject,
  options: AuthorizationOptions,
): Promise<Denials> {
  const reached: [FieldNode, ProtectedField][] = [];
  visitFields(operation, variables, (node) => {
    const field = fields.get(node);
    if (field) reached.push([node, field]);
  });
  const decided = reached.map(async ([node, { owner, byType }]): Promise<[FieldNode, Map<string, Denial>]> => {
    const denied = new Map<string, Denial>();
    const context = () => policyContext(operation, owner.getFields()[node.name.value], node, variables, subject);
    for (const [type, requirements] of byType) {
      const denial = await firstDenial(requirements, subject, context, options);
      if (denial) denied.set(type, denial);
    }
    return [node, denied];
  });
  return new Map((await Promise.all(decided)).filter(([, denied]) => denied.size > 0));
}

/** The error of a refused field. */
export function denialError(
  { code, directive, coordinate, extensions }: Denial,
  { isVerbose }: AuthorizationOptions,
  path: readonly (string | number)[],
): GraphQLError {
  return fieldError(code, { ...extensions, ...(isVerbose && { coordinate, directive: `@${directive}` }) }, { path });
}

async function firstDenial(
  requirements: readonly Requirement[],
  { caller, problem }: Subject,
  context: () => PolicyContext,
  { policies }: AuthorizationOptions,
): Promise<Denial | null> {
  for (const requirement of requirements) {
    const { directive, anyOf, coordinate } = requirement;
    if (await isMet(requirement, caller, context, policies)) continue;
    if (!caller)
      return { code: 'UNAUTHENTICATED', directive, coordinate, extensions: { reason: problem ?? 'NO_CREDENTIALS' } };
    const requiredPermission = directive === 'requiresScopes' ? firstMissing(anyOf, caller) : undefined;
    return { code: 'FORBIDDEN', directive, coordinate, extensions: requiredPermission ? { requiredPermission } : {} };
  }
  return null;
}

/** Of the first alternative, as the server names it. */
function firstMissing([first = []]: Requirement['anyOf'], { permissions }: Caller): string | undefined {
  return first.find((permission) => !permissions.includes(permission));
}

async function isMet(
  { directive, anyOf }: Requirement,
  caller: Caller | null,
  context: () => PolicyContext,
  policies: AuthorizationOptions['policies'],
): Promise<boolean> {
  if (directive === 'policy') {
    const names = [...new Set(anyOf.flat())];
    const results = await Promise.all(
      names.map(async (name) => [name, await allows(policies, name, context())] as const),
    );
    const allowed = new Set(results.flatMap(([name, isAllowed]) => (isAllowed ? [name] : [])));
    return anyOf.some((all) => all.length > 0 && all.every((name) => allowed.has(name)));
  }
  if (!caller) return false;
  if (directive === 'authenticated') return true;
  return anyOf.some((all) => all.length > 0 && all.every((permission) => caller.permissions.includes(permission)));
}

async function allows(
  policies: AuthorizationOptions['policies'],
  name: string,
  context: PolicyContext,
): Promise<boolean> {
  const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (!policy) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, policyMs, false);
  });
  try {
    return (await Promise.race([policy(context), late])) === true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function policyContext(
  { definition }: Operation,
  field: Parameters<typeof getArgumentValues>[0] | undefined,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>,
  { caller }: Subject,
): PolicyContext {
  const args = field ? structuredClone(getArgumentValues(field, node, variables)) : {};
  return Object.freeze({
    caller: caller && structuredClone(caller),
    args: Object.freeze(args),
    operationName: definition.name?.value,
  });
}
