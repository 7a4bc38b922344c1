/** The secret that an authenticator app shares with the gateway. Unconfirmed ones expire. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const TotpSecretSchema = defineEntity({
  name: 'TotpSecret',
  tableName: 'totp_secrets',
  properties: {
    user: () => p.oneToOne(User).primary().deleteRule('cascade'),
    /** Sealed with the user's id as associated data: in the row of another user it cannot be unsealed. */
    secretSealed: p.blob(),
    /** The newest time step (RFC 6238) of a used code. Codes of this step and of earlier ones are rejected. */
    lastStep: p.integer().default(0),
    createdAt: p.datetime(),
    /** When the unconfirmed secret expires; null once it is confirmed. */
    expiresAt: p.datetime().nullable().index(),
    confirmedAt: p.datetime().nullable(),
  },
});

export class TotpSecret extends TotpSecretSchema.class {}
TotpSecretSchema.setClass(TotpSecret);
