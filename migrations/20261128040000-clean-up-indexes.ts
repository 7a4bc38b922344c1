/** Clean-up finds what has expired by an index, however many rows there are. */
import { ConcurrentIndexesMigration } from './concurrent-indexes.ts';

export class CleanUpIndexesMigration extends ConcurrentIndexesMigration {
  override name = '20261128040000-clean-up-indexes';

  override async up(): Promise<void> {
    await this.addIndex('token_families_absolute_end', 'token_families (absolute_expires_at)');
    await this.addIndex('outbox_mails_done', `outbox_mails (created_at) where state <> 'pending'`);
  }
}
