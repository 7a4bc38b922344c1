/**
 * One signed-in device. `generation` counts its rotations and is the only thing stored about its refresh tokens:
 * they are derived from it (security/tokens/refresh-token.ts).
 */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';
import { BackupCode } from '../factors/backup-code.ts';
import { Passkey } from '../factors/passkey.ts';
import { Phone } from '../factors/phone.ts';
import { TotpSecret } from '../factors/totp-secret.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';

export const assuranceLevels = ['AAL1', 'AAL2'] as const;
export type AssuranceLevel = (typeof assuranceLevels)[number];

export const authMethods = [
  'PASSWORD',
  'TOTP',
  'BACKUP_CODE',
  'PASSKEY',
  'FEDERATED',
  'EMAIL_CODE',
  'SMS_CODE',
] as const;
export type AuthMethod = (typeof authMethods)[number];

export const revocationReasons = [
  'logout',
  'reuse_detected',
  'password_reset',
  'password_changed',
  'email_changed',
  'account_deleted',
  'suspended',
  'revoked',
  'revoked_by_admin',
  'disowned',
  'superseded',
  'factor_added',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** A JSON object. */
export type ClaimsExt = Readonly<Record<string, unknown>>;

const TokenFamilySchema = defineEntity({
  name: 'TokenFamily',
  tableName: 'token_families',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    generation: p.integer(),
    /** The newest generation that a client has used. Null: last rotated before this was recorded. */
    confirmedGeneration: p.integer().nullable(),
    createdAt: p.datetime(),
    rotatedAt: p.datetime(),
    /** Sliding end: moves with each rotation, never past `absoluteExpiresAt`. */
    expiresAt: p.datetime(),
    absoluteExpiresAt: p.datetime(),
    /** The seconds by which a rotation extends the sliding end. */
    slidingSeconds: p.integer(),
    revokedAt: p.datetime().nullable(),
    revokedReason: p.enum(revocationReasons).nullable(),
    authenticatedAt: p.datetime(),
    /** The assurance level of the sign-in, for the previous version. The current level follows from the four columns below. */
    assurance: p.enum(assuranceLevels),
    /** The factors that this session has proven. The database clears them when the factor is removed. */
    provenPasskey: () => p.manyToOne(Passkey).nullable().deleteRule('set null').index(),
    provenTotp: () => p.manyToOne(TotpSecret).nullable().deleteRule('set null').index(),
    provenBackupCode: () => p.manyToOne(BackupCode).nullable().deleteRule('set null').index(),
    provenPhone: () => p.manyToOne(Phone).nullable().deleteRule('set null').index(),
    methods: p.array().$type<AuthMethod[]>(),
    ipAddress: p.string().length(45).nullable(),
    /** The network of that address: a sign-in from a new one is mailed to the owner. */
    network: p.string().length(45).nullable(),
    userAgent: p.string().length(512).nullable(),
    /** The id of the device in its device tokens. */
    deviceId: p.uuid().nullable(),
    deviceName: p.string().length(100).nullable(),
    /** Of the sign-in. ISO 3166-1 alpha-2. */
    country: p.string().columnType('char(2)').nullable(),
    city: p.string().length(100).nullable(),
    /** Null: the sign-in was not assessed. */
    risk: p.json().$type<RiskAssessment>().nullable(),
    /** Permissions outside of this list are taken from the role in this session; null: the role decides alone. */
    permissionsLimit: p.array().$type<string[]>().nullable(),
    /** The claim `ext` of the session's tokens, from the hook `customizeClaims`. */
    claimsExt: p.json<ClaimsExt>().nullable(),
  },
  indexes: [
    {
      name: 'token_families_absolute_end',
      expression: 'create index token_families_absolute_end on token_families (absolute_expires_at)',
    },
    {
      name: 'token_families_living',
      expression: 'create index token_families_living on token_families (expires_at) where revoked_at is null',
    },
  ],
});

export class TokenFamily extends TokenFamilySchema.class {}
TokenFamilySchema.setClass(TokenFamily);
