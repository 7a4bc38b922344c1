/** The hash of a former password of a user, which the user may not choose again for a while. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const FormerPasswordSchema = defineEntity({
  name: 'FormerPassword',
  tableName: 'former_passwords',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    passwordHash: p.text(),
    /** The time at which another password replaced it. */
    replacedAt: p.datetime(),
  },
});

export class FormerPassword extends FormerPasswordSchema.class {}
FormerPasswordSchema.setClass(FormerPassword);
