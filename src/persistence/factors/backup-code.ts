/** A code that stands in for a second factor that is lost. It works once, and only its keyed hash is stored. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const BackupCodeSchema = defineEntity({
  name: 'BackupCode',
  tableName: 'backup_codes',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    codeHash: p.blob().unique(),
    createdAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
});

export class BackupCode extends BackupCodeSchema.class {}
BackupCodeSchema.setClass(BackupCode);
