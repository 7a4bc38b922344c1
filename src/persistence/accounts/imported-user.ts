/** A user that came from another system, by its id there. The row outlives a purged account, so that an import stays repeatable. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const ImportedUserSchema = defineEntity({
  name: 'ImportedUser',
  tableName: 'imported_users',
  properties: {
    /** The system, such as `auth0`; `api` for the mutation. */
    source: p.string().length(32).primary(),
    externalId: p.string().length(255).primary().index(),
    /** Null: the account was purged. */
    user: () => p.manyToOne(User).nullable().deleteRule('set null').index(),
    /** Of the run that made the row. */
    importId: p.uuid(),
    importedAt: p.datetime(),
  },
});

export class ImportedUser extends ImportedUserSchema.class {}
ImportedUserSchema.setClass(ImportedUser);
