/** The first schema, the five system roles, and the rule that audit entries are only ever added. */
import { Migration } from '@mikro-orm/migrations';

export class InitialMigration extends Migration {
  override name = '20261121000000-initial';

  override up(): void {
    this.addSql(
      `create table "audit_entries" ("id" uuid not null, "occurred_at" timestamptz not null, "action" varchar(64) not null, "outcome" text not null, "actor_id" uuid null, "target_type" varchar(32) null, "target_id" varchar(64) null, "session_id" uuid null, "request_id" varchar(128) not null, "ip_address" varchar(45) null, "user_agent" varchar(512) null, "details" jsonb not null, primary key ("id"));`,
    );
    this.addSql(`create index "audit_entries_occurred_at_index" on "audit_entries" ("occurred_at");`);
    this.addSql(`create index "audit_entries_actor_id_index" on "audit_entries" ("actor_id");`);
    this.addSql(
      `alter table "audit_entries" add constraint "audit_entries_outcome_check" check ("outcome" in ('SUCCESS', 'FAILURE', 'DENIED'));`,
    );

    this.addSql(
      `create table "outbox_mails" ("id" uuid not null, "kind" varchar(32) not null, "recipient_hash" bytea not null, "content_sealed" bytea null, "state" text not null, "attempts" int not null default 0, "created_at" timestamptz not null, "next_attempt_at" timestamptz not null, "sent_at" timestamptz null, "last_error" varchar(64) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "outbox_mails_recipient_hash_kind_created_at_index" on "outbox_mails" ("recipient_hash", "kind", "created_at");`,
    );
    this.addSql(`create index outbox_mails_due on outbox_mails (next_attempt_at) where state = 'pending';`);
    this.addSql(
      `alter table "outbox_mails" add constraint "outbox_mails_state_check" check ("state" in ('pending', 'sent', 'dead'));`,
    );

    this.addSql(
      `create table "registrations" ("id" uuid not null, "email" varchar(254) not null, "display_name" varchar(100) null, "password_hash" text not null, "token_hash" bytea not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "registrations_email_index" on "registrations" ("email");`);
    this.addSql(`alter table "registrations" add constraint "registrations_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "registrations_expires_at_index" on "registrations" ("expires_at");`);

    this.addSql(
      `create table "roles" ("name" varchar(64) not null, "rank" int not null, "permissions" text[] not null, "system" boolean not null default false, primary key ("name"));`,
    );

    this.addSql(
      `create table "signing_keys" ("kid" varchar(64) not null, "state" text not null, "public_jwk" jsonb not null, "private_key_sealed" bytea not null, "created_at" timestamptz not null, "activated_at" timestamptz null, "retired_at" timestamptz null, primary key ("kid"));`,
    );
    this.addSql(`create unique index signing_keys_one_active on signing_keys (state) where state = 'active';`);
    this.addSql(`create unique index signing_keys_one_next on signing_keys (state) where state = 'next';`);
    this.addSql(
      `alter table "signing_keys" add constraint "signing_keys_state_check" check ("state" in ('next', 'active', 'retired'));`,
    );

    this.addSql(
      `create table "users" ("id" uuid not null, "email" varchar(254) not null, "email_verified_at" timestamptz null, "display_name" varchar(100) null, "password_hash" text null, "role_name" varchar(64) not null, "status" text not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "last_login_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`alter table "users" add constraint "users_email_unique" unique ("email");`);
    this.addSql(
      `alter table "users" add constraint "users_status_check" check ("status" in ('ACTIVE', 'SUSPENDED', 'DELETED', 'INVITED'));`,
    );

    this.addSql(
      `create table "token_families" ("id" uuid not null, "user_id" uuid not null, "generation" int not null, "created_at" timestamptz not null, "rotated_at" timestamptz not null, "expires_at" timestamptz not null, "absolute_expires_at" timestamptz not null, "sliding_seconds" int not null, "revoked_at" timestamptz null, "revoked_reason" text null, "authenticated_at" timestamptz not null, "assurance" text not null, "methods" text[] not null, "ip_address" varchar(45) null, "user_agent" varchar(512) null, "device_name" varchar(100) null, primary key ("id"));`,
    );
    this.addSql(`create index "token_families_user_id_index" on "token_families" ("user_id");`);
    this.addSql(`create index "token_families_expires_at_index" on "token_families" ("expires_at");`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_revoked_reason_check" check ("revoked_reason" in ('logout', 'reuse_detected', 'password_changed'));`,
    );
    this.addSql(
      `alter table "token_families" add constraint "token_families_assurance_check" check ("assurance" in ('AAL1', 'AAL2'));`,
    );

    this.addSql(
      `create table "mail_tokens" ("id" uuid not null, "user_id" uuid not null, "purpose" text not null, "token_hash" bytea not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "mail_tokens_user_id_index" on "mail_tokens" ("user_id");`);
    this.addSql(`alter table "mail_tokens" add constraint "mail_tokens_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "mail_tokens_expires_at_index" on "mail_tokens" ("expires_at");`);
    this.addSql(
      `alter table "mail_tokens" add constraint "mail_tokens_purpose_check" check ("purpose" in ('INVITATION'));`,
    );

    this.addSql(
      `alter table "users" add constraint "users_role_name_foreign" foreign key ("role_name") references "roles" ("name") on delete restrict;`,
    );

    this.addSql(
      `alter table "token_families" add constraint "token_families_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "mail_tokens" add constraint "mail_tokens_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );

    this.addSql(
      `create or replace function "audit_entries_append_only_fn"() returns trigger as $$ begin raise exception 'audit entries are append-only'; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "append_only" BEFORE UPDATE OR DELETE on "audit_entries" for each STATEMENT execute function "audit_entries_append_only_fn"();`,
    );
    // On its own, because PostgreSQL's catalogue of triggers, which the entities are compared with, leaves it out.
    this.addSql(
      `create trigger "append_only_truncate" before truncate on "audit_entries" for each statement execute function "audit_entries_append_only_fn"();`,
    );

    for (const role of systemRoles) {
      this.addSql(
        `insert into roles (name, rank, permissions, system) values ('${role.name}', ${role.rank}, '{${role.permissions.join(',')}}', true);`,
      );
    }
  }
}

const own = ['profile:write', 'sessions:own', 'mfa:own'];
const moderation = ['users:read', 'users:moderate', 'roles:read'];
const administration = ['users:write', 'users:delete', 'roles:assign', 'audit:read'];

/** As released: a migration does not follow later changes of the domain. */
const systemRoles = [
  { name: 'SUPER_ADMIN', rank: 100, permissions: [...own, ...moderation, ...administration, 'roles:write'] },
  { name: 'ADMIN', rank: 80, permissions: [...own, ...moderation, ...administration] },
  { name: 'MODERATOR', rank: 60, permissions: [...own, ...moderation] },
  { name: 'USER', rank: 20, permissions: own },
  { name: 'GUEST', rank: 0, permissions: [] },
];
