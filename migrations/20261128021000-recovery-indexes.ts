/** Indexes of recovery: sessions by their proven factor, which the database empties with it, and passkeys by confirmation. */
import { ConcurrentIndexesMigration } from './concurrent-indexes.ts';

export class RecoveryIndexesMigration extends ConcurrentIndexesMigration {
  override name = '20261128021000-recovery-indexes';

  override async up(): Promise<void> {
    for (const column of ['proven_passkey_id', 'proven_totp_user_id', 'proven_backup_code_id'])
      await this.addIndex(`token_families_${column}_index`, `token_families (${column})`);
    this.addUnique('passkeys_confirmation_hash_unique', { table: 'passkeys', column: 'confirmation_hash' });
  }
}
