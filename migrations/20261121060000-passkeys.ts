/** Passkeys, and what authenticators are asked to sign with them. */
import { Migration } from '@mikro-orm/migrations';

export class PasskeysMigration extends Migration {
  override name = '20261121060000-passkeys';

  override up(): void {
    this.addSql(
      `create table "passkeys" ("id" uuid not null, "user_id" uuid not null, "credential_id" bytea not null, "public_key" bytea not null, "counter" bigint not null, "transports" text[] not null, "backed_up" boolean not null, "name" varchar(100) not null, "created_at" timestamptz not null, "last_used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "passkeys_user_id_index" on "passkeys" ("user_id");`);
    this.addSql(`alter table "passkeys" add constraint "passkeys_credential_id_unique" unique ("credential_id");`);
    this.addSql(
      `alter table "passkeys" add constraint "passkeys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );

    this.addSql(
      `create table "passkey_challenges" ("id" uuid not null, "challenge_hash" bytea not null, "purpose" text not null, "bound_to" uuid null, "created_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "passkey_challenges" add constraint "passkey_challenges_challenge_hash_unique" unique ("challenge_hash");`,
    );
    this.addSql(`create index "passkey_challenges_expires_at_index" on "passkey_challenges" ("expires_at");`);
    this.addSql(
      `alter table "passkey_challenges" add constraint "passkey_challenges_purpose_check" check ("purpose" in ('REGISTRATION', 'SIGN_IN', 'SECOND_STEP'));`,
    );
  }
}
