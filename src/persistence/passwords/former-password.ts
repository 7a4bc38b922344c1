/** The hash of a password that a user had before: they may not have it again for a while. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const FormerPasswordSchema = defineEntity({
  name: 'FormerPassword',
  tableName: 'former_passwords',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    passwordHash: p.text(),
    /** When another took its place. */
    replacedAt: p.datetime(),
  },
});

export class FormerPassword extends FormerPasswordSchema.class {}
FormerPasswordSchema.setClass(FormerPassword);
