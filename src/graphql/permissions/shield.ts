/** Puts the permission map in front of the resolvers: each entry becomes a rule of graphql-shield. */
import type { GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { and, deny as denyAll, rule, shield } from 'graphql-shield';
import { Refusal } from '../../domain/errors.ts';
import type { Limited } from '../rate-limits/rate-limits.ts';
import type { Context } from '../request/context.ts';
import { assertCovered } from './coverage.ts';
import type { Deny } from './deny.ts';
import type { Entry } from './entry.ts';
import { shortfallOf } from './judge.ts';
import { type Entries, fieldEntries, openFields, operations } from './permissions.ts';

/** @throws Error when the permission map and the schema do not cover each other */
export function guard(schema: GraphQLSchema, limited: Limited, deny: Deny): GraphQLSchema {
  assertCovered(schema, { operations, fieldEntries, openFields });
  const entries: Entries = { ...operations, ...fieldEntries };
  const rules = Object.fromEntries(
    Object.entries(entries).map(([typeName, fields]) => [
      typeName,
      Object.fromEntries(
        Object.entries(fields).map(([field, entry]) => [
          field,
          ruleOf(`${typeName}.${field}`, entry, { limited, deny }),
        ]),
      ),
    ]),
  );
  const guards = shield(rules, {
    fallbackRule: denyAll,
    fallbackError: (error) => (error instanceof Error ? error : new Refusal('FORBIDDEN')),
    allowExternalErrors: true,
  }).generate(schema);
  return applyMiddleware(schema, withoutOpenFields(guards));
}

/**
 * `and` runs its rules in parallel (graphql-shield 7.6.2), so each limit of an operation looks first whether the call is
 * allowed: a denied call counts in none of them.
 */
function ruleOf(
  operation: string,
  entry: Entry,
  { limited, deny }: { limited: Limited; deny: Deny },
): ReturnType<typeof and> {
  const access = rule({ cache: 'no_cache' })(async (_parent, _args, context: Context) => {
    const shortfall = shortfallOf(entry, context);
    return shortfall === null || deny(context, operation, shortfall);
  });
  const isAllowed = (context: Context) => shortfallOf(entry, context) === null;
  return and(access, ...entry.limits.map((name) => limited(name, isAllowed)));
}

/** graphql-shield wraps every field of every type; those without an entry are open (coverage.ts) and stay bare. */
function withoutOpenFields(guards: object): Record<string, object> {
  const entries: Entries = { ...operations, ...fieldEntries };
  return Object.fromEntries(
    Object.entries<object>({ ...guards }).map(([typeName, fields]) => [
      typeName,
      Object.fromEntries(Object.entries(fields).filter(([field]) => entries[typeName]?.[field])),
    ]),
  );
}
