/** What recovery needs: which factor a session has proven, when a passkey may sign in alone, and which devices are known. */
import { Migration } from '@mikro-orm/migrations';

export class RecoveryMigration extends Migration {
  override name = '20261128020000-recovery';

  override up(): void {
    this.addSql(
      `alter table "token_families" add "proven_passkey_id" uuid null, add "proven_totp_user_id" uuid null, add "proven_backup_code_id" uuid null, add "device_id" uuid null;`,
    );
    this.addSql(`alter table "passkeys" add "alone_from" timestamptz null, add "confirmation_hash" bytea null;`);
    this.addSql(
      `alter table "passkeys" add constraint "passkeys_confirmation_hash_unique" unique ("confirmation_hash");`,
    );

    // Living sessions keep the level that a factor of theirs still proves; the others are AAL1 from now on.
    this.addSql(
      `update "token_families" f set
         "proven_passkey_id" = case when 'PASSKEY' = any(f.methods) then (select p.id from "passkeys" p where p.user_id = f.user_id and p.created_at <= f.authenticated_at order by p.last_used_at desc nulls last, p.id limit 1) end,
         "proven_totp_user_id" = case when 'TOTP' = any(f.methods) then (select t.user_id from "totp_secrets" t where t.user_id = f.user_id and t.confirmed_at <= f.rotated_at) end,
         "proven_backup_code_id" = case when 'BACKUP_CODE' = any(f.methods) then (select b.id from "backup_codes" b where b.user_id = f.user_id and b.used_at is not null and b.used_at >= f.created_at order by b.used_at limit 1) end
       where f.assurance = 'AAL2' and f.revoked_at is null and f.expires_at > now();`,
    );

    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_passkey_id_foreign" foreign key ("proven_passkey_id") references "passkeys" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_totp_user_id_foreign" foreign key ("proven_totp_user_id") references "totp_secrets" ("user_id") on delete set null;`,
    );
    this.addSql(
      `alter table "token_families" add constraint "token_families_proven_backup_code_id_foreign" foreign key ("proven_backup_code_id") references "backup_codes" ("id") on delete set null;`,
    );
    this.addSql(`alter table "token_families" drop constraint "token_families_revoked_reason_check";`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_revoked_reason_check" check ("revoked_reason" in ('logout', 'reuse_detected', 'password_reset', 'password_changed', 'email_changed', 'account_deleted', 'suspended', 'revoked', 'revoked_by_admin', 'disowned', 'superseded', 'factor_added'));`,
    );
  }
}
