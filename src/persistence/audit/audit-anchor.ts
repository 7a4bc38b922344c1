/** Signed when retention removes the oldest entries: the chain starts after this checkpoint. */
import { defineEntity, p } from '@mikro-orm/core';

const AuditAnchorSchema = defineEntity({
  name: 'AuditAnchor',
  tableName: 'audit_anchors',
  properties: {
    /** Of the checkpoint. */
    number: p.bigint('number').autoincrement(false).primary(),
    seq: p.bigint('number'),
    hash: p.blob(),
    /** The removed entries occurred before this time. */
    removedBefore: p.datetime(),
    signedAt: p.datetime(),
    keyId: p.string().length(64),
    signature: p.blob(),
  },
  triggers: [
    {
      name: 'append_only',
      timing: 'before',
      events: ['update'],
      forEach: 'statement',
      body: `raise exception 'the seals of audit entries are append-only'`,
    },
    {
      name: 'retention_only',
      timing: 'before',
      events: ['delete'],
      forEach: 'row',
      body: `if not exists (select from audit_anchors a where a.number > old.number) then raise exception 'the seals of audit entries are append-only'; end if; return old`,
    },
  ],
});

export class AuditAnchor extends AuditAnchorSchema.class {}
AuditAnchorSchema.setClass(AuditAnchor);
