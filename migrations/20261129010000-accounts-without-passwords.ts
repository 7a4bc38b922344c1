/** Accounts without a password: when the present password was set, and passkeys that authenticate a session again. */
import { Migration } from '@mikro-orm/migrations';

export class AccountsWithoutPasswordsMigration extends Migration {
  override name = '20261129010000-accounts-without-passwords';

  override up(): void {
    this.addSql(`alter table "users" add "password_set_at" timestamptz null;`);
    this.addSql(`alter table "passkey_challenges" drop constraint "passkey_challenges_purpose_check";`);
    this.addSql(
      `alter table "passkey_challenges" add constraint "passkey_challenges_purpose_check" check ("purpose" in ('REGISTRATION', 'SIGN_IN', 'SECOND_STEP', 'REAUTHENTICATION'));`,
    );
  }
}
