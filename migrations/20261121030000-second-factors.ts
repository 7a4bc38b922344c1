/** Second factors: secrets of authenticator apps, backup codes, and sign-ins that wait for one. */
import { Migration } from '@mikro-orm/migrations';

export class SecondFactorsMigration extends Migration {
  override name = '20261121030000-second-factors';

  override up(): void {
    this.addSql(
      `create table "totp_secrets" ("user_id" uuid not null, "secret_sealed" bytea not null, "last_step" int not null default 0, "created_at" timestamptz not null, "expires_at" timestamptz null, "confirmed_at" timestamptz null, primary key ("user_id"));`,
    );
    this.addSql(`create index "totp_secrets_expires_at_index" on "totp_secrets" ("expires_at");`);
    this.addSql(
      `alter table "totp_secrets" add constraint "totp_secrets_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `create table "backup_codes" ("id" uuid not null, "user_id" uuid not null, "code_hash" bytea not null, "created_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "backup_codes_user_id_index" on "backup_codes" ("user_id");`);
    this.addSql(`alter table "backup_codes" add constraint "backup_codes_code_hash_unique" unique ("code_hash");`);
    this.addSql(
      `alter table "backup_codes" add constraint "backup_codes_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );

    this.addSql(
      `create table "mfa_tickets" ("id" uuid not null, "user_id" uuid not null, "token_hash" bytea not null, "remember_me" boolean not null, "device_name" varchar(100) null, "delivery" text not null, "trusted_device" uuid null, "failures" int not null default 0, "created_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "mfa_tickets_user_id_index" on "mfa_tickets" ("user_id");`);
    this.addSql(`alter table "mfa_tickets" add constraint "mfa_tickets_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "mfa_tickets_expires_at_index" on "mfa_tickets" ("expires_at");`);
    this.addSql(
      `alter table "mfa_tickets" add constraint "mfa_tickets_delivery_check" check ("delivery" in ('BEARER', 'COOKIE'));`,
    );
    this.addSql(
      `alter table "mfa_tickets" add constraint "mfa_tickets_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );
  }
}
