/** The habits of accounts, the risk and location of sessions, and the permission to reset the risk history of a user. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements } from './grants.ts';

export class RiskMigration extends Migration {
  override name = '20261129100000-risk';

  override up(): void {
    this.addSql(
      `create table "account_habits" ("user_id" uuid not null, "countries" jsonb not null, "asns" jsonb not null, "hours" int[] not null, "last_latitude" real null, "last_longitude" real null, "last_radius_km" int null, "last_asn" bigint null, "last_at" timestamptz null, "sign_ins" int not null, "first_at" timestamptz not null, "updated_at" timestamptz not null, "password_checked_at" timestamptz null, "password_breached" boolean not null default false, primary key ("user_id"));`,
    );
    this.addSql(`create index "account_habits_updated_at_index" on "account_habits" ("updated_at");`);
    this.addSql(
      `alter table "account_habits" add constraint "account_habits_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "token_families" add "country" char(2) null, add "city" varchar(100) null, add "risk" jsonb null;`,
    );
    this.addSql(`alter table "mfa_tickets" add "risk" jsonb null;`);

    for (const role of ['SUPER_ADMIN', 'ADMIN'])
      for (const statement of grantStatements(role, ['risk:write'])) this.addSql(statement);
  }
}
