/** The secret that an authenticator app shares with the gateway. Unconfirmed ones expire. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const TotpSecretSchema = defineEntity({
  name: 'TotpSecret',
  tableName: 'totp_secrets',
  properties: {
    user: () => p.oneToOne(User).primary().deleteRule('cascade'),
    /** Sealed with the user's id as associated data: moved to another user's row, it does not open. */
    secretSealed: p.blob(),
    /** The newest time step (RFC 6238) of a used code. It and all before it are spent. */
    lastStep: p.integer().default(0),
    createdAt: p.datetime(),
    /** When the unconfirmed secret expires; null once it is confirmed. */
    expiresAt: p.datetime().nullable().index(),
    confirmedAt: p.datetime().nullable(),
  },
});

export class TotpSecret extends TotpSecretSchema.class {}
TotpSecretSchema.setClass(TotpSecret);
