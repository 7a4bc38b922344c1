/** The types of events: their wire names, descriptions, and the schemas of the messages that carry them. */
import { commonMembers, type EventType, eventTypes, type JsonSchema, type Members, payloads } from './payloads.ts';

export { type EventType, eventTypes };

export interface EventDefinition {
  type: EventType;
  /** On the wire, for example `user.role_changed`. */
  name: string;
  /** Increases when a member of the payload changes its meaning. New members do not increase it. */
  version: number;
  description: string;
  schema: JsonSchema;
}

const descriptions: Readonly<Record<EventType, string>> = {
  USER_CREATED: 'An account was created. After `register`, this is when the address is verified.',
  USER_UPDATED: 'A user changed the own profile.',
  USER_ROLE_CHANGED: 'An account got another role.',
  USER_SUSPENDED: 'An administrator suspended an account. Its sessions have ended.',
  USER_REACTIVATED: 'An administrator reactivated a suspended account.',
  USER_DELETED: 'An account was deleted. It can be restored until `purgeAt`.',
  USER_RESTORED: 'A deleted account was restored.',
  USER_PURGED: 'The data of a deleted account was erased. Erase your own data about the user.',
  EMAIL_CHANGED: 'The e-mail address of an account changed.',
  PASSWORD_CHANGED: 'A password was set.',
  MFA_ENABLED: 'A second factor was added to an account.',
  MFA_DISABLED: 'A second factor was removed from an account.',
  SESSION_STARTED: 'A user signed in.',
  SESSION_ENDED: 'A session was revoked, for example by signing out. Sessions that expire cause no event.',
  ACCOUNT_LOCKED: 'Failed attempts locked the sign-in of an address. `userId` is null when no account has the address.',
  ACCOUNT_UNLOCKED: 'The locks of an account were removed.',
  IDENTITY_LINKED: 'An identity of a provider was linked to an account.',
  IDENTITY_UNLINKED: 'An identity of a provider was removed from an account.',
  API_KEY_CREATED: 'An API key was created.',
  API_KEY_REVOKED: 'An API key was revoked.',
  ROLE_CREATED: 'A role was created.',
  ROLE_UPDATED: 'The rank or the permissions of a role changed.',
  ROLE_DELETED: 'A role was deleted.',
  TOKEN_REUSE_DETECTED: 'A refresh token was used twice. Its session has ended: the token was probably stolen.',
  SIGNING_KEY_ROTATED: 'Another key signs access tokens now.',
  WEBHOOK_TEST: 'An administrator called `sendTestEvent`. Only the named webhook receives it.',
};

/** Names whose first word has more than one part. */
const irregularNames: Readonly<Partial<Record<EventType, string>>> = {
  API_KEY_CREATED: 'api_key.created',
  API_KEY_REVOKED: 'api_key.revoked',
  SIGNING_KEY_ROTATED: 'signing_key.rotated',
};

const version = 1;

export function nameOf(type: EventType): string {
  return irregularNames[type] ?? type.toLowerCase().replace('_', '.');
}

const uuid = { type: 'string', format: 'uuid' };

const profile = {
  type: ['object', 'null'],
  description:
    'Only with `includeProfile`, for events with a `userId`: the user when the message was made. Null: the user was purged.',
  properties: {
    email: { type: 'string' },
    displayName: { type: ['string', 'null'] },
    role: { type: 'string' },
  },
  required: ['email', 'displayName', 'role'],
};

export const catalogue: readonly EventDefinition[] = eventTypes.map((type) => ({
  type,
  name: nameOf(type),
  version,
  description: descriptions[type],
  schema: schemaOf(type),
}));

/** @throws Error for a type that this version does not know: a newer version wrote it */
export function definitionOf(type: string): EventDefinition {
  const definition = catalogue.find((candidate) => candidate.type === type);
  if (!definition) throw new Error(`the event type ${type} is unknown`);
  return definition;
}

function schemaOf(type: EventType): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: nameOf(type),
    description: descriptions[type],
    ...objectOf({
      id: { ...uuid, description: 'Equal in every attempt to deliver the event: use it to recognise duplicates.' },
      type: { const: nameOf(type) },
      version: { const: version },
      occurredAt: {
        type: 'string',
        format: 'date-time',
        description: 'Sort by it: events can arrive in another order.',
      },
      data: { ...objectOf(dataSchemas(type)), properties: { ...dataSchemas(type), profile } },
    }),
  };
}

function dataSchemas(type: EventType): Readonly<Record<string, JsonSchema>> {
  const members: Members = { ...commonMembers, ...payloads[type] };
  return Object.fromEntries(Object.entries(members).map(([name, { schema }]) => [name, schema]));
}

/** Open: a later version may add members. */
function objectOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties) };
}
