/** Records the factor that each living session of AAL2 has proven, and validates the constraints of recovery. */
import { Migration } from '@mikro-orm/migrations';

const constraints = [
  'token_families_proven_passkey_id_foreign',
  'token_families_proven_totp_user_id_foreign',
  'token_families_proven_backup_code_id_foreign',
  'token_families_revoked_reason_check',
];

export class RecoveryBackfillMigration extends Migration {
  override name = '20261128022000-recovery-backfill';

  override up(): void {
    // Sessions whose factor still exists keep their level; the others are AAL1 from now on.
    this.addSql(
      `update "token_families" f set
         "proven_passkey_id" = case when 'PASSKEY' = any(f.methods) then (select p.id from "passkeys" p where p.user_id = f.user_id and p.created_at <= f.authenticated_at order by p.last_used_at desc nulls last, p.id limit 1) end,
         "proven_totp_user_id" = case when 'TOTP' = any(f.methods) then (select t.user_id from "totp_secrets" t where t.user_id = f.user_id and t.confirmed_at <= f.rotated_at) end,
         "proven_backup_code_id" = case when 'BACKUP_CODE' = any(f.methods) then (select b.id from "backup_codes" b where b.user_id = f.user_id and b.used_at is not null and b.used_at >= f.created_at order by b.used_at limit 1) end
       where f.assurance = 'AAL2' and f.revoked_at is null and f.expires_at > now();`,
    );
    // Reads and writes of the table continue during a validation.
    for (const constraint of constraints)
      this.addSql(`alter table "token_families" validate constraint "${constraint}";`);
  }
}
