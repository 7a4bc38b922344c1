/** The last test of each identity provider. Providers of the file have one, too, so there is no foreign key. */
import { Migration } from '@mikro-orm/migrations';

export class ProviderTestsMigration extends Migration {
  override name = '20261129150000-provider-tests';

  override up(): void {
    this.addSql(
      `create table "provider_tests" ("provider_id" uuid not null, "tested_at" timestamptz not null, "problems" jsonb not null, primary key ("provider_id"));`,
    );
  }
}
