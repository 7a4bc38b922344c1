/** A migration that makes indexes without stopping writes: outside a transaction, and safe to run again. */
import { Migration } from '@mikro-orm/migrations';

export abstract class ConcurrentIndexesMigration extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  /** An attempt that failed leaves an invalid index of the name behind: it is dropped first. */
  protected addIndex(name: string, definition: string): void {
    this.addSql(`drop index concurrently if exists ${name};`);
    this.addSql(`create index concurrently ${name} on ${definition};`);
  }

  protected addUnique(name: string, { table, column }: { table: string; column: string }): void {
    this.addSql(`alter table ${table} drop constraint if exists ${name};`);
    this.addSql(`drop index concurrently if exists ${name};`);
    this.addSql(`create unique index concurrently ${name} on ${table} (${column});`);
    this.addSql(`alter table ${table} add constraint ${name} unique using index ${name};`);
  }
}
