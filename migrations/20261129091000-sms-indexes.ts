/** The index of sessions by their proven phone, which the database empties with it. */
import { ConcurrentIndexesMigration } from './concurrent-indexes.ts';

export class SmsIndexesMigration extends ConcurrentIndexesMigration {
  override name = '20261129091000-sms-indexes';

  override async up(): Promise<void> {
    await this.addIndex('token_families_proven_phone_id_index', 'token_families (proven_phone_id)');
    this.addSql('alter table token_families validate constraint token_families_proven_phone_id_foreign;');
  }
}
