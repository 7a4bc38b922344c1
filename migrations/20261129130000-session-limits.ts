/** What a hook has narrowed in a session: its permissions; and the claims that a hook has added to its tokens. */
import { Migration } from '@mikro-orm/migrations';

export class SessionLimitsMigration extends Migration {
  override name = '20261129130000-session-limits';

  override up(): void {
    this.addSql(`alter table "token_families" add "permissions_limit" text[] null, add "claims_ext" jsonb null;`);
  }
}
