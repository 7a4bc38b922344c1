/** Passwords that may not be reused, and the language of a registration. */
import { Migration } from '@mikro-orm/migrations';

export class PasswordsAndLanguagesMigration extends Migration {
  override name = '20261121022000-passwords-and-languages';

  override up(): void {
    this.addSql(
      `create table "former_passwords" ("id" uuid not null, "user_id" uuid not null, "password_hash" text not null, "replaced_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "former_passwords_user_id_index" on "former_passwords" ("user_id");`);
    this.addSql(
      `alter table "former_passwords" add constraint "former_passwords_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );
    this.addSql(`create index mail_tokens_email on mail_tokens (email) where email is not null;`);
    // Entries about a session without a signed-in actor; other entries are found by their actor.
    this.addSql(
      `create index audit_entries_unowned_session on audit_entries (session_id) where actor_id is null and session_id is not null;`,
    );
    this.addSql(`alter table "registrations" add "locale" varchar(16) null;`);
  }
}
