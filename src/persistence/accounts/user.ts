/** An account. Its e-mail address is stored normalised and is unique. */
import { defineEntity, p } from '@mikro-orm/core';
import { Role } from '../access/role.ts';

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
    /** Argon2id, encoded; null: the user has no password. */
    passwordHash: p.text().nullable(),
    /** When the present password replaced an earlier one or none; null: it is as old as the account. */
    passwordSetAt: p.datetime().nullable(),
    role: () => p.manyToOne(Role).deleteRule('restrict'),
    status: p.enum(userStatuses),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    lastLoginAt: p.datetime().nullable(),
    /** Device tokens that are older are rejected, because a password was reset or a sign-in was disowned. */
    devicesTrustedSince: p.datetime().nullable(),
    /** The time at which the user got a second factor; null: none. */
    mfaEnabledAt: p.datetime().nullable(),
    /** The language of mails to them, a BCP 47 tag; null: the one of MAIL_LOCALE. */
    locale: p.string().length(35).nullable(),
    /** A deleted account can be restored, and keeps its address, for SOFT_DELETE_RETENTION. */
    deletedAt: p.datetime().nullable(),
    /** The start of a suspension. A deletion keeps it, so that a restored account is still suspended. */
    suspendedAt: p.datetime().nullable(),
  },
  // For the list of administrators (users.ts). Rare values only: most users are active and have the role USER.
  indexes: [
    {
      name: 'users_by_creation',
      expression: 'create index users_by_creation on users (created_at, id)',
    },
    {
      name: 'users_by_email',
      expression: 'create index users_by_email on users (email collate "C", id)',
    },
    {
      name: 'users_by_last_login',
      expression: "create index users_by_last_login on users (coalesce(last_login_at, 'epoch'::timestamptz), id)",
    },
    {
      name: 'users_by_role',
      expression: "create index users_by_role on users (role_name, created_at, id) where role_name <> 'USER'",
    },
    {
      name: 'users_by_status',
      expression: "create index users_by_status on users (status, created_at, id) where status <> 'ACTIVE'",
    },
    {
      name: 'users_with_mfa',
      expression: 'create index users_with_mfa on users (created_at, id) where mfa_enabled_at is not null',
    },
    {
      name: 'users_by_name',
      expression:
        "create index users_by_name on users using gin (to_tsvector('simple', translate(display_name, './-_@''', '      ')))",
    },
    {
      name: 'users_small_sample_by_name',
      expression:
        "create index users_small_sample_by_name on users using gin (to_tsvector('simple', translate(display_name, './-_@''', '      '))) where get_byte(uuid_send(id), 15) < 2",
    },
    {
      name: 'users_large_sample_by_name',
      expression:
        "create index users_large_sample_by_name on users using gin (to_tsvector('simple', translate(display_name, './-_@''', '      '))) where get_byte(uuid_send(id), 15) < 16",
    },
  ],
});

export class User extends UserSchema.class {}
UserSchema.setClass(User);
