/** A passkey (WebAuthn credential) of a user: the public half of a key pair whose other half never leaves their authenticator. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const PasskeySchema = defineEntity({
  name: 'Passkey',
  tableName: 'passkeys',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** The id that the authenticator gave it. Globally unique. */
    credentialId: p.blob().unique(),
    /** COSE (RFC 9052). */
    publicKey: p.blob(),
    /** How often it signed, as it says itself: 32 bits without a sign. Those that are kept on several devices stay at 0. */
    counter: p.bigint('number'),
    /** How browsers reach it, such as `internal` or `usb`. */
    transports: p.array().$type<string[]>(),
    /** Whether it is kept in more than one place, as in a keychain that is synchronised. */
    backedUp: p.boolean(),
    /** What its owner calls it. */
    name: p.string().length(100),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    /** From when on it signs in without a password; null: always did. */
    aloneFrom: p.datetime().nullable(),
    /** The SHA-256 of the mailed token that lets it do so at once. */
    confirmationHash: p.blob().nullable().unique(),
  },
});

export class Passkey extends PasskeySchema.class {}
PasskeySchema.setClass(Passkey);
