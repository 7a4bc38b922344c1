/** Where imported users came from, and the permission to import them. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements } from './grants.ts';

export class ImportedUsersMigration extends Migration {
  override name = '20261129160000-imported-users';

  override up(): void {
    this.addSql(
      `create table "imported_users" ("source" varchar(32) not null, "external_id" varchar(255) not null, "user_id" uuid null, "import_id" uuid not null, "imported_at" timestamptz not null, primary key ("source", "external_id"));`,
    );
    this.addSql(`create index "imported_users_user_id_index" on "imported_users" ("user_id");`);
    this.addSql(`create index "imported_users_external_id_index" on "imported_users" ("external_id");`);
    this.addSql(
      `alter table "imported_users" add constraint "imported_users_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete set null;`,
    );
    for (const role of ['SUPER_ADMIN', 'ADMIN'])
      for (const statement of grantStatements(role, ['users:import'])) this.addSql(statement);
  }
}
