/** The database empties a session's proven factor when the factor goes: it finds the sessions by an index. */
import { ConcurrentIndexesMigration } from './concurrent-indexes.ts';

export class RecoveryIndexesMigration extends ConcurrentIndexesMigration {
  override name = '20261128021000-recovery-indexes';

  override up(): void {
    for (const column of ['proven_passkey_id', 'proven_totp_user_id', 'proven_backup_code_id'])
      this.addIndex(`token_families_${column}_index`, `token_families (${column})`);
  }
}
