/** The executable schema: types and resolvers, with the permission map in front of them. */
import 'reflect-metadata';
import { GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { GraphQLDateTime } from 'graphql-scalars';
import { deny, shield } from 'graphql-shield';
import { buildSchemaSync } from 'type-graphql';
import { Refusal } from '../domain/errors.ts';
import { ErrorCodeEnum } from './error-code.ts';
import { openTypes, operations } from './permissions.ts';
import { PasswordPolicyResolver } from './resolvers/password-policy.ts';
import { RegistrationResolver } from './resolvers/registration.ts';
import { SessionsResolver } from './resolvers/sessions.ts';
import { ViewerResolver } from './resolvers/viewer.ts';

/** Types and resolvers alone: what the SDL is printed from. */
export function buildTypes(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [RegistrationResolver, SessionsResolver, ViewerResolver, PasswordPolicyResolver],
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    validate: false,
  });
  const { query, mutation, types, ...config } = schema.toConfig();
  if (query) query.description = 'What can be asked. Nothing here changes anything.';
  if (mutation) mutation.description = 'What can be done, one mutation a document. Each takes one `input`.';
  return new GraphQLSchema({ ...config, query, mutation, types: [...types, ErrorCodeEnum] });
}

/** @throws Error when the permission map and the schema do not cover each other */
export function buildGuardedSchema(): GraphQLSchema {
  const schema = buildTypes();
  assertCovered(schema, operations, openTypes);
  const guards = shield(operations, {
    fallbackRule: deny,
    fallbackError: (error) => (error instanceof Error ? error : new Refusal('FORBIDDEN')),
    allowExternalErrors: true,
  }).generate(schema);
  const free = new Set<string>(openTypes);
  return applyMiddleware(
    schema,
    Object.fromEntries(Object.entries(guards).filter(([typeName]) => !free.has(typeName))),
  );
}

/** graphql-shield lets a missing entry pass in silence; so every type and every operation must be spoken of. */
export function assertCovered(
  schema: GraphQLSchema,
  operationRules: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  open: readonly string[],
): void {
  const objectTypes = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !isIntrospectionType(type),
  );
  const actual = objectTypes.flatMap((type) => {
    if (!isObjectType(type) || !(type.name in operationRules)) return [type.name];
    return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
  });
  const spokenOf = [
    ...open,
    ...Object.entries(operationRules).flatMap(([typeName, rules]) =>
      Object.entries(rules).flatMap(([field, rule]) => (rule ? [`${typeName}.${field}`] : [])),
    ),
  ];
  const missing = actual.filter((name) => !spokenOf.includes(name));
  const unknown = spokenOf.filter((name) => !actual.includes(name));
  if (missing.length + unknown.length === 0) return;
  throw new Error(
    `src/graphql/permissions.ts does not fit the schema: no rule for ${missing.join(', ') || '-'}; nothing in the schema for ${unknown.join(', ') || '-'}`,
  );
}
