/** The state of the chain that the sealer signs after each batch. */
import { defineEntity, p } from '@mikro-orm/core';

const AuditCheckpointSchema = defineEntity({
  name: 'AuditCheckpoint',
  tableName: 'audit_checkpoints',
  properties: {
    /** 1, 2, 3 and so on: a gap is a loss. */
    number: p.bigint('number').autoincrement(false).primary(),
    seq: p.bigint('number').index(),
    hash: p.blob(),
    signedAt: p.datetime().index(),
    /** Entries of earlier times are sealed, except those of slow transactions; null: unknown. */
    completeUntil: p.datetime().nullable(),
    keyId: p.string().length(64),
    signature: p.blob(),
    /** Every transaction before this one had ended, so all their entries are sealed. The next batch begins here. */
    horizon: p.string().columnType('xid8'),
    /** The database server that counted those transactions: another one (a restored dump) starts its own count. */
    clusterId: p.string().length(20),
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
      body: `if not exists (select from audit_anchors a where a.number >= old.number) then raise exception 'the seals of audit entries are append-only'; end if; return old`,
    },
  ],
});

export class AuditCheckpoint extends AuditCheckpointSchema.class {}
AuditCheckpointSchema.setClass(AuditCheckpoint);
