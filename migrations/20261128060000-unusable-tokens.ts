/** A request for an unknown address stores a token without a user, so that it does the work of a request for a known one. */
import { Migration } from '@mikro-orm/migrations';

export class UnusableTokensMigration extends Migration {
  override name = '20261128060000-unusable-tokens';

  override up(): void {
    this.addSql('alter table mail_tokens alter column user_id drop not null;');
  }
}
