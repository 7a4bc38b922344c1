/** An account. Its e-mail address is stored normalised and is unique; who it may be is decided by the domain. */
import { defineEntity, p } from '@mikro-orm/core';
import { Role } from './role.ts';

export const userStatuses = ['ACTIVE', 'SUSPENDED', 'DELETED', 'INVITED'] as const;
export type UserStatus = (typeof userStatuses)[number];

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    email: p.string().length(254).unique(),
    emailVerifiedAt: p.datetime().nullable(),
    displayName: p.string().length(100).nullable(),
    /** Argon2id, encoded; null for an invited user who has not chosen a password yet. */
    passwordHash: p.text().nullable(),
    role: () => p.manyToOne(Role).deleteRule('restrict'),
    status: p.enum(userStatuses),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    lastLoginAt: p.datetime().nullable(),
    /** Device tokens from before are worth nothing: a password was reset, or a sign-in disowned. */
    devicesTrustedSince: p.datetime().nullable(),
    /** Since when the user has a second factor; null: they have none. */
    mfaEnabledAt: p.datetime().nullable(),
    /** The language of mails to them, a BCP 47 tag; null: the one of MAIL_LOCALE. */
    locale: p.string().length(16).nullable(),
    /** Deleted accounts can be restored for a while, and hold their address as long (SOFT_DELETE_RETENTION). */
    deletedAt: p.datetime().nullable(),
  },
});

export class User extends UserSchema.class {}
UserSchema.setClass(User);
