/** Phones, the text messages to them and their budgets, and sessions that a code by text message has proven. */
import { Migration } from '@mikro-orm/migrations';

export class SmsMigration extends Migration {
  override name = '20261129090000-sms';

  override up(): void {
    this.addSql(
      `create table "phones" ("id" uuid not null, "user_id" uuid not null, "number_sealed" bytea not null, "number_hash" bytea not null, "country" varchar(2) not null, "factor" boolean not null, "created_at" timestamptz not null, "verified_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "phones_user_id_index" on "phones" ("user_id");`);
    this.addSql(`create unique index phones_verified_number on phones (number_hash) where verified_at is not null;`);
    this.addSql(`create index phones_unverified on phones (created_at) where verified_at is null;`);
    this.addSql(
      `alter table "phones" add constraint "phones_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );

    this.addSql(
      `create table "sms_messages" ("id" uuid not null, "phone_hash" bytea not null, "country" varchar(2) not null, "prefix" varchar(6) not null, "content_sealed" bytea null, "state" text not null, "attempts" int not null default 0, "created_at" timestamptz not null, "next_attempt_at" timestamptz not null, "sent_at" timestamptz null, "verified_at" timestamptz null, "last_error" varchar(64) null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "sms_messages" add constraint "sms_messages_state_check" check ("state" in ('pending', 'sent', 'dead', 'withheld'));`,
    );
    this.addSql(`create index "sms_messages_created_at_index" on "sms_messages" ("created_at");`);
    this.addSql(
      `create index "sms_messages_phone_hash_created_at_index" on "sms_messages" ("phone_hash", "created_at");`,
    );
    this.addSql(`create index "sms_messages_prefix_created_at_index" on "sms_messages" ("prefix", "created_at");`);
    this.addSql(`create index sms_messages_due on sms_messages (next_attempt_at) where state = 'pending';`);
    this.addSql(`create index sms_messages_dead on sms_messages (created_at) where state = 'dead';`);

    this.addSql(
      `create table "sms_counters" ("key" varchar(16) not null, "window_ends_at" timestamptz not null, "count" int not null, primary key ("key", "window_ends_at"));`,
    );

    this.addSql(`alter table "token_families" add "proven_phone_id" uuid null;`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_phone_id_foreign" foreign key ("proven_phone_id") references "phones" ("id") on delete set null not valid;`,
    );
  }
}
