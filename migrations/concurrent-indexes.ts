/** A migration that makes indexes without stopping writes: outside a transaction, and safe to run again. */
import { Migration } from '@mikro-orm/migrations';

interface Partition {
  oid: number;
  name: string;
}

/** For statements that others would wait behind: a migration that runs into it is tried again. */
const brief = "set lock_timeout = '1s';";
const patient = "set lock_timeout = '60s';";

export abstract class ConcurrentIndexesMigration extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  /** An attempt that failed leaves an invalid index of the name behind: it is dropped first. */
  protected async addIndex(name: string, definition: string): Promise<void> {
    const [, table = '', rest = ''] = /^(\w+)(.*)$/s.exec(definition) ?? [];
    const partitions = await this.partitionsOf(table);
    if (partitions.length > 0) return this.addToPartitions(name, { table, rest, partitions });
    this.addSql(`drop index concurrently if exists ${name};`);
    this.addSql(`create index concurrently ${name} on ${definition};`);
  }

  protected addUnique(name: string, { table, column }: { table: string; column: string }): void {
    this.addSql(`alter table ${table} drop constraint if exists ${name};`);
    this.addSql(`drop index concurrently if exists ${name};`);
    this.addSql(`create unique index concurrently ${name} on ${table} (${column});`);
    this.addSql(`alter table ${table} add constraint ${name} unique using index ${name};`);
  }

  private async partitionsOf(table: string): Promise<Partition[]> {
    return this.driver.execute<Partition[]>(
      `select inhrelid as oid, inhrelid::regclass::text as name from pg_inherits where inhparent = to_regclass('${table}') order by 1`,
    );
  }

  /**
   * PostgreSQL makes no index of a partitioned table concurrently. The index of the whole table is valid once that of each
   * partition is attached; a partition that is created meanwhile gets one by itself.
   */
  private addToPartitions(
    name: string,
    { table, rest, partitions }: { table: string; rest: string; partitions: Partition[] },
  ): void {
    this.addSql(brief);
    this.addSql(`drop index if exists ${name};`);
    this.addSql(`create index ${name} on only ${table}${rest};`);
    for (const partition of partitions) {
      const part = `${name}_${partition.oid}`;
      this.addSql(patient);
      this.addSql(`drop index concurrently if exists ${part};`);
      this.addSql(`create index concurrently ${part} on ${partition.name}${rest};`);
      this.addSql(brief);
      this.addSql(`alter index ${name} attach partition ${part};`);
    }
    this.addSql(patient);
  }
}
