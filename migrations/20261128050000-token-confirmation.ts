/** Records which generation of refresh token a client is known to have received. */
import { Migration } from '@mikro-orm/migrations';

export class TokenConfirmationMigration extends Migration {
  override name = '20261128050000-token-confirmation';

  override up(): void {
    // Null in sessions that were last rotated before this column existed: they keep the strict rule until their next rotation.
    this.addSql('alter table token_families add column confirmed_generation int null;');
  }
}
