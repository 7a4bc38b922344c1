/** Mails that were given up can be counted without reading those that were sent. */
import { Migration } from '@mikro-orm/migrations';

export class MailQueueMigration extends Migration {
  override name = '20261121070000-mail-queue';

  override up(): void {
    this.addSql(`create index outbox_mails_dead on outbox_mails (created_at) where state = 'dead';`);
  }
}
