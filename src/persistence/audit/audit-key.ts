/** A key that signs checkpoints of the audit trail and nothing else. It is never deleted: auditors verify its signatures years later. */
import { defineEntity, p } from '@mikro-orm/core';

const AuditKeySchema = defineEntity({
  name: 'AuditKey',
  tableName: 'audit_keys',
  properties: {
    kid: p.string().length(64).primary(),
    /** SPKI in PEM. */
    publicKey: p.text(),
    /** PKCS#8, sealed with `audit:` and the kid as associated data. */
    privateKeySealed: p.blob(),
    createdAt: p.datetime(),
  },
});

export class AuditKey extends AuditKeySchema.class {}
AuditKeySchema.setClass(AuditKey);
