/** A passkey (WebAuthn credential) of a user: the public key. The private key never leaves the authenticator. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const PasskeySchema = defineEntity({
  name: 'Passkey',
  tableName: 'passkeys',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** The id that the authenticator chose. Globally unique. */
    credentialId: p.blob().unique(),
    /** COSE (RFC 9052). */
    publicKey: p.blob(),
    /** The signature counter of the authenticator, 32 bits unsigned. Passkeys on several devices keep it at 0. */
    counter: p.bigint('number'),
    /** The transports for browsers, for example `internal` or `usb`. */
    transports: p.array().$type<string[]>(),
    /** Whether it is stored in several places, for example in a synchronised keychain. */
    backedUp: p.boolean(),
    /** The name that its owner chose. */
    name: p.string().length(100),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    /** The time from which it signs in without a password; null: from its creation. */
    aloneFrom: p.datetime().nullable(),
    /** The SHA-256 of the mailed token that permits this at once. */
    confirmationHash: p.blob().nullable().unique(),
  },
});

export class Passkey extends PasskeySchema.class {}
PasskeySchema.setClass(Passkey);
