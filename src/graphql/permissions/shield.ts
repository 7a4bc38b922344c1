/** Compiles the permission map: each entry becomes a rule of graphql-shield in front of its resolver. */
import type { GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { deny as denyAll, rule, shield } from 'graphql-shield';
import { Refusal } from '../../domain/errors.ts';
import type { Limited } from '../rate-limits/rate-limits.ts';
import type { Context } from '../request/context.ts';
import { assertCovered, assertMachinesFit } from './coverage.ts';
import type { Deny } from './deny.ts';
import type { Entry } from './entry.ts';
import { missingRequirement } from './missing-requirement.ts';
import { type Entries, fieldEntries, openFields, operations } from './permissions.ts';

/** @throws Error when the permission map and the schema do not cover each other */
export function guard(schema: GraphQLSchema, limited: Limited, deny: Deny): GraphQLSchema {
  assertCovered(schema, { operations, fieldEntries, openFields });
  const entries: Entries = { ...operations, ...fieldEntries };
  assertMachinesFit(entries);
  const guarded = guardedEntries();
  const rules = Object.fromEntries(
    Object.entries(guarded).map(([typeName, fields]) => [
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
  return applyMiddleware(schema, withoutOpenFields(guards, guarded));
}

/**
 * Without the subscriptions: the middleware would wrap their resolvers only, so a stream would open before its rule is
 * evaluated. graphql/streams/ evaluates the same entries, and no other endpoint executes subscriptions.
 */
function guardedEntries(): Entries {
  const { Subscription: _ofStreams, ...others } = operations;
  return { ...others, ...fieldEntries };
}

/** The limits count once the caller is allowed: a denied call counts in none of them. */
function ruleOf(operation: string, entry: Entry, { limited, deny }: { limited: Limited; deny: Deny }) {
  return rule({ cache: 'no_cache' })(async (parent, args, context: Context, info) => {
    const shortfall = missingRequirement(entry, context);
    if (shortfall) return deny(context, operation, shortfall);
    const call = { parent, args, context, info };
    const refusals = await Promise.all(entry.limits.map((name) => limited(name, call)));
    return refusals.find((refusal) => refusal !== null) ?? true;
  });
}

/** graphql-shield wraps every field of every type; those without an entry are open (coverage.ts) and need no wrapper. */
function withoutOpenFields(guards: object, guarded: Entries): Record<string, object> {
  return Object.fromEntries(
    Object.entries<object>({ ...guards }).map(([typeName, fields]) => [
      typeName,
      Object.fromEntries(Object.entries(fields).filter(([field]) => guarded[typeName]?.[field])),
    ]),
  );
}
