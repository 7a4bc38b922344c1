/** Columns for recovery: the factor that a session has proven, when a passkey may sign in alone, the known device. */
import { Migration } from '@mikro-orm/migrations';

/** Constraints of large tables are added without a scan; 20261128022000-recovery-backfill validates them. */
export class RecoveryMigration extends Migration {
  override name = '20261128020000-recovery';

  override up(): void {
    this.addSql(
      `alter table "token_families" add "proven_passkey_id" uuid null, add "proven_totp_user_id" uuid null, add "proven_backup_code_id" uuid null, add "device_id" uuid null;`,
    );
    this.addSql(`alter table "passkeys" add "alone_from" timestamptz null, add "confirmation_hash" bytea null;`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_passkey_id_foreign" foreign key ("proven_passkey_id") references "passkeys" ("id") on delete set null not valid;`,
    );
    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_totp_user_id_foreign" foreign key ("proven_totp_user_id") references "totp_secrets" ("user_id") on delete set null not valid;`,
    );
    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_backup_code_id_foreign" foreign key ("proven_backup_code_id") references "backup_codes" ("id") on delete set null not valid;`,
    );
    this.addSql(`alter table "token_families" drop constraint "token_families_revoked_reason_check";`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_revoked_reason_check" check ("revoked_reason" in ('logout', 'reuse_detected', 'password_reset', 'password_changed', 'email_changed', 'account_deleted', 'suspended', 'revoked', 'revoked_by_admin', 'disowned', 'superseded', 'factor_added')) not valid;`,
    );
  }
}
