/** A registration waiting for its address to be confirmed. It is not an account: nothing can sign in with it. */
import { defineEntity, p } from '@mikro-orm/core';

const RegistrationSchema = defineEntity({
  name: 'Registration',
  tableName: 'registrations',
  properties: {
    id: p.uuid().primary(),
    email: p.string().length(254).index(),
    displayName: p.string().length(100).nullable(),
    /** The language of mails, a BCP 47 tag. */
    locale: p.string().length(16).nullable(),
    passwordHash: p.text(),
    /** SHA-256 of the token in the mail. */
    tokenHash: p.blob().unique(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
});

export class Registration extends RegistrationSchema.class {}
RegistrationSchema.setClass(Registration);
