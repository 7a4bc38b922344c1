/**
 * What the payload of each type of event contains besides `userId`, `sessionId` and `actorId`. A payload holds ids, names
 * and reasons: no secret, hash, token, code, address or IP address.
 */
import {
  type EventType,
  eventTypes,
  internalEventTypes,
  type StoredEventType,
} from '../../persistence/events/stored-event.ts';
import { revocationReasons } from '../../persistence/sessions/token-family.ts';
import {
  type DataOf,
  id,
  integer,
  type JsonSchema,
  type Members,
  oneOf,
  orNull,
  text,
  texts,
  time,
} from './payload-schema.ts';

export { type EventType, eventTypes, internalEventTypes, type JsonSchema, type Members, type StoredEventType };

export const commonMembers = {
  userId: orNull(id('The user that the event is about.')),
  sessionId: orNull(id('The session that the event is about.')),
  actorId: orNull(id('The user or service account that caused it. Null: no signed-in caller did.')),
};

const status = oneOf(['ACTIVE', 'SUSPENDED', 'INVITED', 'DELETED'], 'The status of the account now.');
const provider = text('The slug of the identity provider.');
const key = {
  apiKeyId: id('The API key.'),
  serviceAccountId: orNull(id('The service account that owns the key. Null: `userId` owns it.')),
};
const role = {
  role: text('The name of the role.'),
  rank: integer('The rank of the role now.'),
  permissions: texts('The permissions of the role now.'),
};

export const payloads = {
  USER_CREATED: {
    role: text('The name of the role.'),
    through: oneOf(['registration', 'administrator', 'command_line', 'import'], 'How the account came into being.'),
  },
  USER_UPDATED: { fields: texts('The fields of the profile that changed, for example `displayName`.') },
  USER_ROLE_CHANGED: { formerRole: text('The name of the former role.'), role: text('The name of the role now.') },
  USER_SUSPENDED: { status },
  USER_REACTIVATED: { status },
  USER_DELETED: { purgeAt: time('When the account can no longer be restored and its data is erased.') },
  USER_RESTORED: { status },
  USER_PURGED: {},
  EMAIL_CHANGED: {
    through: oneOf(
      ['confirmation', 'disowned'],
      'confirmation: the user confirmed the new address. disowned: the user took the former address back.',
    ),
  },
  PASSWORD_CHANGED: {
    through: oneOf(['invitation', 'reset', 'change', 'first'], 'How. first: the account had no password before.'),
  },
  MFA_ENABLED: { method: oneOf(['TOTP', 'PASSKEY'], 'The second factor that was added.') },
  MFA_DISABLED: {
    method: orNull(
      oneOf(
        ['TOTP', 'PASSKEY'],
        'The second factor that was removed. Null: an administrator or a recovery removed it.',
      ),
    ),
  },
  SESSION_STARTED: {
    methods: texts('How the user authenticated, for example `PASSWORD` and `TOTP`.'),
    device: oneOf(['trusted', 'familiar', 'new'], 'Whether the account knows the device.'),
    provider: orNull(text('The slug of the identity provider, after a sign-in with one.')),
  },
  SESSION_ENDED: { reason: oneOf(revocationReasons, 'Why the session ended.') },
  ACCOUNT_LOCKED: { lockedUntil: time('When sign-in is possible again.') },
  ACCOUNT_UNLOCKED: { through: oneOf(['password_reset', 'administrator'], 'How.') },
  IDENTITY_LINKED: { provider },
  IDENTITY_UNLINKED: { provider },
  API_KEY_CREATED: { ...key, expiresAt: time('When the key expires.') },
  API_KEY_REVOKED: {
    ...key,
    by: oneOf(['owner', 'administrator', 'eviction'], 'Who. eviction: a recovery of the account.'),
  },
  ROLE_CREATED: role,
  ROLE_UPDATED: role,
  ROLE_DELETED: { role: text('The name of the role.') },
  TOKEN_REUSE_DETECTED: {},
  SIGNING_KEY_ROTATED: {
    from: text('The `kid` of the key that signed before.'),
    to: text('The `kid` of the key that signs now.'),
  },
  WEBHOOK_TEST: { webhookId: id('The webhook that the test event was sent to.') },
} as const satisfies Readonly<Record<EventType, Members>>;

type Payloads = typeof payloads;

type Public = { [Type in EventType]: { type: Type; data: DataOf<Payloads[Type]> } }[EventType];

/** A suspended or deleted service account. */
type Internal = { type: (typeof internalEventTypes)[number]; data: { serviceAccountId: string } };

/** What an event says, before it has an id and a time. */
export type Publication = Public | Internal;
