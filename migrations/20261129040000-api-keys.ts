/** API keys, service accounts and their client secrets, and the permissions that open them. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements, grantToHoldersOf } from './grants.ts';

export class ApiKeysMigration extends Migration {
  override name = '20261129040000-api-keys';

  override up(): void {
    this.addSql(
      `create table "service_accounts" ("id" uuid not null, "name" varchar(100) not null, "role_name" varchar(64) not null, "status" text not null, "created_by" uuid null, "created_at" timestamptz not null, "suspended_at" timestamptz null, "deleted_at" timestamptz null, "public_jwks" jsonb null, primary key ("id"));`,
    );
    this.addSql(`alter table "service_accounts" add constraint "service_accounts_name_unique" unique ("name");`);
    this.addSql(
      `alter table "service_accounts" add constraint "service_accounts_status_check" check ("status" in ('ACTIVE', 'SUSPENDED', 'DELETED'));`,
    );
    this.addSql(
      `alter table "service_accounts" add constraint "service_accounts_role_name_foreign" foreign key ("role_name") references "roles" ("name") on delete restrict;`,
    );

    this.addSql(
      `create table "service_account_secrets" ("id" uuid not null, "service_account_id" uuid not null, "secret_hash" bytea not null, "hint" varchar(8) not null, "created_at" timestamptz not null, "expires_at" timestamptz null, "revoked_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `create index "service_account_secrets_service_account_id_index" on "service_account_secrets" ("service_account_id");`,
    );
    this.addSql(
      `alter table "service_account_secrets" add constraint "service_account_secrets_secret_hash_unique" unique ("secret_hash");`,
    );
    this.addSql(
      `alter table "service_account_secrets" add constraint "service_account_secrets_service_account_id_foreign" foreign key ("service_account_id") references "service_accounts" ("id") on delete cascade;`,
    );

    this.addSql(
      `create table "api_keys" ("id" uuid not null, "lookup" varchar(16) not null, "user_id" uuid null, "service_account_id" uuid null, "name" varchar(100) not null, "scopes" text[] not null, "secret_hash" bytea not null, "secret_set_at" timestamptz not null, "former_hash" bytea null, "rotating_until" timestamptz null, "ip_allowlist" cidr[] not null, "limit_per_minute" int null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "revoked_at" timestamptz null, "last_used_at" timestamptz null, "last_used_from" varchar(45) null, "expiry_mailed_at" timestamptz null, "exposure_mailed_at" timestamptz null, primary key ("id"), constraint "api_keys_one_owner" check (num_nonnulls(user_id, service_account_id) = 1));`,
    );
    this.addSql(`alter table "api_keys" add constraint "api_keys_lookup_unique" unique ("lookup");`);
    this.addSql(`create index "api_keys_user_id_index" on "api_keys" ("user_id");`);
    this.addSql(`create index "api_keys_service_account_id_index" on "api_keys" ("service_account_id");`);
    this.addSql(`create index "api_keys_expires_at_index" on "api_keys" ("expires_at");`);
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_service_account_id_foreign" foreign key ("service_account_id") references "service_accounts" ("id") on delete cascade;`,
    );

    this.addSql(
      `create table "spent_tokens" ("token_hash" bytea not null, "expires_at" timestamptz not null, primary key ("token_hash"));`,
    );
    this.addSql(`create index "spent_tokens_expires_at_index" on "spent_tokens" ("expires_at");`);

    const grants = [
      ...['SUPER_ADMIN', 'ADMIN'].flatMap((role) =>
        grantStatements(role, ['keys:own', 'service-accounts:write', 'tokens:introspect']),
      ),
      ...['MODERATOR', 'USER'].flatMap((role) => grantStatements(role, ['keys:own'])),
      // Roles with all other permissions over the own account: without this one, they could no longer invite users.
      ...grantToHoldersOf(['profile:write', 'sessions:own', 'mfa:own'], ['keys:own']),
    ];
    for (const statement of grants) this.addSql(statement);
  }
}
