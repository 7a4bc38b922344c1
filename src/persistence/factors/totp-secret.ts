/** What a user's authenticator app shares with us. Until it is confirmed it is an offer that runs out. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const TotpSecretSchema = defineEntity({
  name: 'TotpSecret',
  tableName: 'totp_secrets',
  properties: {
    user: () => p.oneToOne(User).primary().deleteRule('cascade'),
    /** Sealed with the user's id as associated data: moved to another user's row, it does not open. */
    secretSealed: p.blob(),
    /** The newest time step (RFC 6238) that a code was taken of. It and all before it are spent. */
    lastStep: p.integer().default(0),
    createdAt: p.datetime(),
    /** The end of the offer; null once it is confirmed. */
    expiresAt: p.datetime().nullable().index(),
    confirmedAt: p.datetime().nullable(),
  },
});

export class TotpSecret extends TotpSecretSchema.class {}
TotpSecretSchema.setClass(TotpSecret);
