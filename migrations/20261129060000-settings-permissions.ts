/** The permissions to read the settings and to rotate the signing keys. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements } from './grants.ts';

export class SettingsPermissionsMigration extends Migration {
  override name = '20261129060000-settings-permissions';

  override up(): void {
    for (const statement of grantStatements('SUPER_ADMIN', ['settings:read', 'signing-keys:write']))
      this.addSql(statement);
  }
}
