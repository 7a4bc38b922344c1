/** Denied calls of one caller and operation since the last audit entry about them. A row lives for an hour. */
import { defineEntity, p } from '@mikro-orm/core';

const AccessDenialSchema = defineEntity({
  name: 'AccessDenial',
  tableName: 'access_denials',
  properties: {
    /** A user, or the source of an anonymous request. */
    caller: p.string().length(64).primary(),
    /** For example `Query.users`. */
    operation: p.string().length(128).primary(),
    /** The start of the minute of the last audit entry. */
    minute: p.datetime().index(),
    /** Denied calls that no entry contains yet. */
    pending: p.integer(),
    /** The number of denied calls in the last entry. */
    reported: p.integer(),
    actorId: p.uuid().nullable(),
    sessionId: p.uuid().nullable(),
    ipAddress: p.string().length(45).nullable(),
    /** Details of the entry, without the count. */
    details: p.json().$type<Record<string, unknown>>(),
  },
});

export class AccessDenial extends AccessDenialSchema.class {}
AccessDenialSchema.setClass(AccessDenial);
