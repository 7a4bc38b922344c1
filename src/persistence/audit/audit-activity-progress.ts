/** How far the sealed entries are counted (audit-activity.ts): one row. */
import { defineEntity, p } from '@mikro-orm/core';

const AuditActivityProgressSchema = defineEntity({
  name: 'AuditActivityProgress',
  tableName: 'audit_activity_progress',
  properties: {
    /** Always 1. */
    id: p.integer().autoincrement(false).primary(),
    /** The number of the last counted seal. */
    sequence: p.bigint('number').name('seq'),
  },
});

export class AuditActivityProgress extends AuditActivityProgressSchema.class {}
AuditActivityProgressSchema.setClass(AuditActivityProgress);
