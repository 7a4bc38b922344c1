/** The numbers of sealed audit entries in an interval of five minutes or an hour. They are counted when entries are sealed. */
import { defineEntity, p } from '@mikro-orm/core';

const AuditActivitySchema = defineEntity({
  name: 'AuditActivity',
  tableName: 'audit_activity',
  properties: {
    /** The length of the interval: 300 or 3600. */
    seconds: p.integer().autoincrement(false).primary(),
    /** A multiple of the length, in UTC. */
    startsAt: p.datetime().primary().index(),
    signIns: p.integer(),
    signInFailures: p.integer(),
    locks: p.integer(),
    tokenReuses: p.integer(),
    registrations: p.integer(),
  },
});

export class AuditActivity extends AuditActivitySchema.class {}
AuditActivitySchema.setClass(AuditActivity);
