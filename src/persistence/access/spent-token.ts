/**
 * Tokens that are no longer accepted before they expire: client assertions and captchas that were used, client tokens that
 * were revoked.
 */
import { defineEntity, p } from '@mikro-orm/core';

const SpentTokenSchema = defineEntity({
  name: 'SpentToken',
  tableName: 'spent_tokens',
  properties: {
    /** SHA-256 of the kind and of what names the token (security/tokens/spent-token.ts). */
    tokenHash: p.blob().primary(),
    expiresAt: p.datetime().index(),
  },
});

export class SpentToken extends SpentTokenSchema.class {}
SpentTokenSchema.setClass(SpentToken);
