/** What protects sign-in: attempt counters, networks of sessions, tokens for resets and for "this was not me". */
import { Migration } from '@mikro-orm/migrations';

export class SignInProtectionMigration extends Migration {
  override name = '20261121010000-sign-in-protection';

  override up(): void {
    this.addSql(
      `create table "attempt_counters" ("bucket" varchar(16) not null, "key" bytea not null, "attempts" int not null, "failures" int not null default 0, "reserved_at" timestamptz not null, "window_ends_at" timestamptz not null, "total" int not null, "total_ends_at" timestamptz not null, "locked_until" timestamptz null, "locks" int not null default 0, primary key ("bucket", "key"));`,
    );
    this.addSql(`create index "attempt_counters_total_ends_at_index" on "attempt_counters" ("total_ends_at");`);

    this.addSql(`alter table "users" add "devices_trusted_since" timestamptz null;`);
    this.addSql(`alter table "token_families" add "network" varchar(45) null;`);
    this.addSql(`alter table "token_families" drop constraint "token_families_revoked_reason_check";`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_revoked_reason_check" check ("revoked_reason" in ('logout', 'reuse_detected', 'password_reset', 'revoked', 'disowned', 'superseded'));`,
    );

    this.addSql(`alter table "mail_tokens" add "session_id" uuid null;`);
    this.addSql(`alter table "mail_tokens" drop constraint "mail_tokens_purpose_check";`);
    this.addSql(
      `alter table "mail_tokens" add constraint "mail_tokens_purpose_check" check ("purpose" in ('INVITATION', 'PASSWORD_RESET', 'NOT_ME'));`,
    );
  }
}
