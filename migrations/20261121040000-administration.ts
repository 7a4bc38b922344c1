/** What administration needs: orders and filters of the list of users that a million of them do not slow down, and suspensions that outlive a deletion. */
import { Migration } from '@mikro-orm/migrations';

export class AdministrationMigration extends Migration {
  override name = '20261121040000-administration';

  override up(): void {
    this.addSql(`alter table "users" add "suspended_at" timestamptz null;`);
    this.addSql(`update "users" set "suspended_at" = "updated_at" where "status" = 'SUSPENDED';`);

    this.addSql(`create index users_by_creation on users (created_at, id);`);
    this.addSql(`create index users_by_email on users (email collate "C", id);`);
    this.addSql(`create index users_by_last_login on users (coalesce(last_login_at, 'epoch'::timestamptz), id);`);
    this.addSql(`create index users_by_role on users (role_name, created_at, id) where role_name <> 'USER';`);
    this.addSql(`create index users_by_status on users (status, created_at, id) where status <> 'ACTIVE';`);
    this.addSql(`create index users_with_mfa on users (created_at, id) where mfa_enabled_at is not null;`);
    this.addSql(
      `create index users_by_name on users using gin (to_tsvector('simple', translate(display_name, './-_@''', '      ')));`,
    );
  }
}
