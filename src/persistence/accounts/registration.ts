/** A registration whose address is not confirmed. It is not an account: no sign-in accepts it. */
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
    /** Null: the registration has an identity of a provider instead. */
    passwordHash: p.text().nullable(),
    /** Keyed hash of issuer and subject, to compare registrations. */
    identityHash: p.blob().nullable(),
    /** The identity, sealed with the id. */
    identitySealed: p.blob().nullable(),
    /** SHA-256 of the token in the mail. */
    tokenHash: p.blob().unique(),
    /** The token, sealed with the id as associated data, so that its mail can be sent again; null: an older version wrote the row. */
    tokenSealed: p.blob().nullable(),
    /** The source of the registration. Every copy of its mail names it. */
    ipAddress: p.string().length(45).nullable(),
    /** Keyed hash of the network of the source. */
    sourceHash: p.blob().nullable(),
    /**
     * The reader of the mail may not have chosen the password: another live registration of the address has a different
     * one, or a password reset was requested.
     */
    contested: p.boolean().default(false),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
});

export class Registration extends RegistrationSchema.class {}
RegistrationSchema.setClass(Registration);
