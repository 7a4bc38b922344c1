/** A request for an unknown address stores a token, too: it does the work of a request for a known one. */
import { Migration } from '@mikro-orm/migrations';

export class TokensWithoutUsersMigration extends Migration {
  override name = '20261128060000-tokens-without-users';

  override up(): void {
    this.addSql('alter table mail_tokens drop constraint mail_tokens_user_id_foreign;');
  }
}
