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
    locale: p.string().length(35).nullable(),
    passwordHash: p.text(),
    /** SHA-256 of the token in the mail. */
    tokenHash: p.blob().unique(),
    /** The token, sealed with the id as associated data, so that its mail can be sent again; null: an older version made the row. */
    tokenSealed: p.blob().nullable(),
    /** Where the registration came from: its mail says so, however often it is sent. */
    ipAddress: p.string().length(45).nullable(),
    /** Keyed hash of the network that it came from. */
    sourceHash: p.blob().nullable(),
    /** Another live registration of this address has a different password: the reader of the mail chose at most one. */
    contested: p.boolean().default(false),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
});

export class Registration extends RegistrationSchema.class {}
RegistrationSchema.setClass(Registration);
