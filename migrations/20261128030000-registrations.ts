/** Registrations that tell where they came from and whether they are contested, mails counted by source, repeatable successes of mail tokens. */
import { Migration } from '@mikro-orm/migrations';

export class RegistrationsMigration extends Migration {
  override name = '20261128030000-registrations';

  override up(): void {
    // Longer varchars and new columns without a rewrite: the tables are locked for a moment only.
    this.addSql(`alter table "users" alter column "locale" type varchar(35);`);
    this.addSql(
      `alter table "registrations" alter column "locale" type varchar(35), add "ip_address" varchar(45) null, add "source_hash" bytea null, add "token_sealed" bytea null, add "contested" boolean not null default false;`,
    );
    this.addSql(`alter table "outbox_mails" add "source_hash" bytea null;`);
    this.addSql(
      `create table "mail_token_answers" ("token_hash" bytea not null, "purpose" varchar(32) not null, "user_id" uuid not null, "count" int null, "expires_at" timestamptz not null, primary key ("token_hash"));`,
    );
    this.addSql(`create index "mail_token_answers_expires_at_index" on "mail_token_answers" ("expires_at");`);
  }
}
