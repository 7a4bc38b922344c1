/** A single-use code that replaces a lost second factor. The row stores its keyed hash. */
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
