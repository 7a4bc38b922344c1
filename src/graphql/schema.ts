/** The executable schema: types and resolvers, with the permission map in front of them. */
import 'reflect-metadata';
import { type GraphQLNamedType, GraphQLSchema, isInputObjectType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { DateTimeScalar } from './date-time.ts';
import { specialLimitOf } from './documents/bounds.ts';
import type { Deny } from './permissions/deny.ts';
import { guard } from './permissions/shield.ts';
import type { Limited } from './rate-limits/rate-limits.ts';
import { ErrorCodeEnum } from './request/error-code.ts';
import { AccessResolver } from './resolvers/access.ts';
import { AccountResolver } from './resolvers/account.ts';
import { ApiKeysResolver, MachineResolver, ManagedKeysResolver, OwnKeysResolver } from './resolvers/api-keys.ts';
import { AuditResolver, AuditTargetResolver, SecurityEventsResolver } from './resolvers/audit.ts';
import { CaptchaResolver } from './resolvers/captcha.ts';
import { CodesResolver } from './resolvers/codes.ts';
import { EventsResolver } from './resolvers/events.ts';
import { FederatedLoginResolver } from './resolvers/federated-login.ts';
import { FederationResolver } from './resolvers/federation.ts';
import { IdentitiesResolver, ManagedIdentitiesResolver } from './resolvers/identities.ts';
import { ImportResolver } from './resolvers/import.ts';
import { ManagedProvidersResolver } from './resolvers/managed-providers.ts';
import { MfaResolver } from './resolvers/mfa.ts';
import { PasskeysResolver } from './resolvers/passkeys.ts';
import { PasswordPolicyResolver } from './resolvers/password-policy.ts';
import { PhonesResolver } from './resolvers/phones.ts';
import { RegistrationResolver } from './resolvers/registration.ts';
import { RiskResolver } from './resolvers/risk.ts';
import { RolesResolver } from './resolvers/roles.ts';
import { ServiceAccountResolver } from './resolvers/service-accounts.ts';
import { SessionsResolver } from './resolvers/sessions.ts';
import { SettingsResolver } from './resolvers/settings.ts';
import { SubscriptionsResolver } from './resolvers/subscriptions.ts';
import { UserAdministrationResolver } from './resolvers/user-administration.ts';
import { UsersResolver } from './resolvers/users.ts';
import { ViewerResolver } from './resolvers/viewer.ts';
import { WebhooksResolver } from './resolvers/webhooks.ts';

/** type-graphql demands one for a schema with subscriptions; graphql/streams/ reads the events instead. */
const noPubSub = {
  publish() {
    throw new Error('events are published by their transactions');
  },
  subscribe() {
    throw new Error('subscriptions are executed by graphql/streams/');
  },
};

/** Types and resolvers alone: what the SDL is printed from. */
export function buildTypes(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      RegistrationResolver,
      FederatedLoginResolver,
      CodesResolver,
      IdentitiesResolver,
      ManagedIdentitiesResolver,
      AccountResolver,
      SessionsResolver,
      MfaResolver,
      PasskeysResolver,
      PhonesResolver,
      ViewerResolver,
      PasswordPolicyResolver,
      CaptchaResolver,
      FederationResolver,
      UsersResolver,
      UserAdministrationResolver,
      RolesResolver,
      RiskResolver,
      ManagedProvidersResolver,
      SettingsResolver,
      AuditResolver,
      AuditTargetResolver,
      EventsResolver,
      WebhooksResolver,
      SecurityEventsResolver,
      ApiKeysResolver,
      MachineResolver,
      OwnKeysResolver,
      ManagedKeysResolver,
      ServiceAccountResolver,
      SubscriptionsResolver,
      AccessResolver,
      ImportResolver,
    ],
    pubSub: noPubSub,
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    validate: false,
  });
  const { query, mutation, subscription, types, ...config } = schema.toConfig();
  if (query) query.description = 'The queries. They change nothing.';
  if (mutation) mutation.description = 'The mutations. A document contains at most one. Each takes one `input`.';
  if (subscription)
    subscription.description =
      'The subscriptions, at `POST /graphql/stream` (GraphQL over SSE, distinct connections). An operation selects one.';
  types.forEach(describeLimits);
  return new GraphQLSchema({ ...config, query, mutation, subscription, types: [...types, ErrorCodeEnum] });
}

/** Says of each field of an input that takes other text than the usual 512 UTF-16 units how much it takes. */
function describeLimits(type: GraphQLNamedType): void {
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    const limit = specialLimitOf(field.name, field.type);
    if (limit !== null) field.description = `${field.description ?? ''} At most ${limit} UTF-16 units.`.trim();
  }
}

/** @throws Error when the permission map and the schema do not cover each other */
export function buildGuardedSchema(limited: Limited, deny: Deny): GraphQLSchema {
  return guard(buildTypes(), limited, deny);
}
