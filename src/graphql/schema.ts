/** The executable schema: types and resolvers, with the permission map in front of them. */
import 'reflect-metadata';
import { GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { GraphQLDateTime } from 'graphql-scalars';
import { and, deny, shield } from 'graphql-shield';
import { buildSchemaSync } from 'type-graphql';
import { Refusal } from '../domain/errors.ts';
import { ErrorCodeEnum } from './error-code.ts';
import { fieldRules, openFields, operations } from './permissions.ts';
import type { Limited } from './rate-limits.ts';
import { AccountResolver } from './resolvers/account.ts';
import { AuditResolver, AuditTargetResolver, SecurityEventsResolver } from './resolvers/audit.ts';
import { FederationResolver } from './resolvers/federation.ts';
import { MfaResolver } from './resolvers/mfa.ts';
import { PasskeysResolver } from './resolvers/passkeys.ts';
import { PasswordPolicyResolver } from './resolvers/password-policy.ts';
import { RegistrationResolver } from './resolvers/registration.ts';
import { RolesResolver } from './resolvers/roles.ts';
import { SessionsResolver } from './resolvers/sessions.ts';
import { UserAdministrationResolver } from './resolvers/user-administration.ts';
import { UsersResolver } from './resolvers/users.ts';
import { ViewerResolver } from './resolvers/viewer.ts';

/** Types and resolvers alone: what the SDL is printed from. */
export function buildTypes(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      RegistrationResolver,
      AccountResolver,
      SessionsResolver,
      MfaResolver,
      PasskeysResolver,
      ViewerResolver,
      PasswordPolicyResolver,
      FederationResolver,
      UsersResolver,
      UserAdministrationResolver,
      RolesResolver,
      AuditResolver,
      AuditTargetResolver,
      SecurityEventsResolver,
    ],
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    validate: false,
  });
  const { query, mutation, types, ...config } = schema.toConfig();
  if (query) query.description = 'What can be asked. Nothing here changes anything.';
  if (mutation) mutation.description = 'What can be done, one mutation a document. Each takes one `input`.';
  return new GraphQLSchema({ ...config, query, mutation, types: [...types, ErrorCodeEnum] });
}

/** @throws Error when the permission map and the schema do not cover each other */
export function buildGuardedSchema(limited: Limited): GraphQLSchema {
  const schema = buildTypes();
  const map = operations(limited);
  assertCovered(schema, map, openFields, fieldRules);
  const guards = shield(
    { Query: withGeneralLimits(map.Query, limited), Mutation: withGeneralLimits(map.Mutation, limited), ...fieldRules },
    {
      fallbackRule: deny,
      fallbackError: (error) => (error instanceof Error ? error : new Refusal('FORBIDDEN')),
      allowExternalErrors: true,
    },
  ).generate(schema);
  return applyMiddleware(schema, withoutFreeFields(guards));
}

/** What only a router asks for, on behalf of all users at once; others are refused before it costs anything. */
const uncounted: ReadonlySet<string> = new Set(['_entities', '_service']);

/** Whoever asks for anything else is counted, by user or by source. */
function withGeneralLimits(rules: Readonly<Record<string, ShieldRule>>, limited: Limited): Record<string, ShieldRule> {
  const anonymous = limited('anonymous');
  const authenticated = limited('authenticated');
  return Object.fromEntries(
    Object.entries(rules).map(([field, rule]) => [
      field,
      uncounted.has(field) ? rule : and(anonymous, authenticated, rule),
    ]),
  );
}

type ShieldRule = Parameters<typeof and>[number];
type RuleMap = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** graphql-shield wraps every field of every type; the open ones stay bare. */
function withoutFreeFields(guards: object): Record<string, object> {
  const open = new Set(placesOf(openFields));
  const guardsOf = (typeName: string, fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => !open.has(`${typeName}.${field}`)));
  return Object.fromEntries(
    Object.entries<object>({ ...guards }).map(([typeName, fields]) => [typeName, guardsOf(typeName, fields)]),
  );
}

type OpenFields = Readonly<Record<string, string>>;

function placesOf(open: OpenFields): string[] {
  return Object.entries(open).flatMap(([typeName, fields]) => fields.split(' ').map((field) => `${typeName}.${field}`));
}

/** graphql-shield lets a missing entry pass in silence; so every field of every type must be spoken of, once. */
export function assertCovered(
  schema: GraphQLSchema,
  operationRules: RuleMap,
  open: OpenFields,
  rulesOfFields: RuleMap = {},
): void {
  const actual = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type)
      ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
      : [],
  );
  const ruled = [operationRules, rulesOfFields].flatMap((map) =>
    Object.entries(map).flatMap(([typeName, rules]) =>
      Object.entries(rules).flatMap(([field, rule]) => (rule ? [`${typeName}.${field}`] : [])),
    ),
  );
  const spokenOf = [...placesOf(open), ...ruled];
  const problems = {
    'no rule for': actual.filter((place) => !spokenOf.includes(place)),
    'nothing in the schema for': spokenOf.filter((place) => !actual.includes(place)),
    'two entries for': spokenOf.filter((place, index) => spokenOf.indexOf(place) !== index),
  };
  const found = Object.entries(problems).filter(([, places]) => places.length > 0);
  if (found.length === 0) return;
  const said = found.map(([problem, places]) => `${problem} ${places.join(', ')}`).join('; ');
  throw new Error(`src/graphql/permissions.ts does not fit the schema: ${said}`);
}
