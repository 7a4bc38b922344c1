/** The position of an audit entry in the chain. A table of its own, because entries never change; only the sealer writes it. */
import { defineEntity, p } from '@mikro-orm/core';

const AuditSealSchema = defineEntity({
  name: 'AuditSeal',
  tableName: 'audit_seals',
  properties: {
    /** 1, 2, 3 and so on: a gap is a loss. */
    seq: p.bigint('number').autoincrement(false).primary(),
    entryId: p.uuid().unique(),
    /** SHA-256 over the hash before it and the entry (security/audit-chain.ts). */
    hash: p.blob(),
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
      body: `if not exists (select from audit_anchors a where a.seq >= old.seq) then raise exception 'the seals of audit entries are append-only'; end if; return old`,
    },
  ],
});

export class AuditSeal extends AuditSealSchema.class {}
AuditSealSchema.setClass(AuditSeal);
