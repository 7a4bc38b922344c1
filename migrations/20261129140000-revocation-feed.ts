/** The permission to read the revocation feed. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements } from './grants.ts';

export class RevocationFeedMigration extends Migration {
  override name = '20261129140000-revocation-feed';

  override up(): void {
    for (const role of ['SUPER_ADMIN', 'ADMIN'])
      for (const statement of grantStatements(role, ['revocations:read'])) this.addSql(statement);
  }
}
