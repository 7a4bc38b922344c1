/**
 * A challenge that an authenticator signs, and its purpose: a signature is valid for this purpose only. The row stores
 * the SHA-256 of the challenge.
 */
import { defineEntity, p } from '@mikro-orm/core';

export const challengePurposes = ['REGISTRATION', 'SIGN_IN', 'SECOND_STEP', 'REAUTHENTICATION'] as const;
export type ChallengePurpose = (typeof challengePurposes)[number];

const PasskeyChallengeSchema = defineEntity({
  name: 'PasskeyChallenge',
  tableName: 'passkey_challenges',
  properties: {
    id: p.uuid().primary(),
    challengeHash: p.blob().unique(),
    purpose: p.enum(challengePurposes),
    /** The session that registers or authenticates again, or the ticket of the second step; null: a sign-in without a ticket. */
    boundTo: p.uuid().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
});

export class PasskeyChallenge extends PasskeyChallengeSchema.class {}
PasskeyChallengeSchema.setClass(PasskeyChallenge);
