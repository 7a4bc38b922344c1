/** Counts denied calls between two entries of the audit trail. */
import { Migration } from '@mikro-orm/migrations';

export class AccessMigration extends Migration {
  override name = '20261128010000-access';

  override up(): void {
    this.addSql(
      `create table "access_denials" ("caller" varchar(64) not null, "operation" varchar(128) not null, "minute" timestamptz not null, "pending" int not null, "reported" int not null, "actor_id" uuid null, "session_id" uuid null, "ip_address" varchar(45) null, "details" jsonb not null, primary key ("caller", "operation"));`,
    );
    this.addSql(`create index "access_denials_minute_index" on "access_denials" ("minute");`);
  }
}
