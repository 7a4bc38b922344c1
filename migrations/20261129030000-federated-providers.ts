/** Providers that administrators add, and the permission for it. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements } from './grants.ts';

export class FederatedProvidersMigration extends Migration {
  override name = '20261129030000-federated-providers';

  override up(): void {
    this.addSql(
      `create table "federated_providers" ("id" uuid not null, "slug" varchar(32) not null, "kind" text not null, "display_name" varchar(100) not null, "issuer" varchar(512) not null, "client_id" varchar(512) not null, "secret_sealed" bytea null, "settings" jsonb not null, "enabled" boolean not null, "position" int not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`alter table "federated_providers" add constraint "federated_providers_slug_unique" unique ("slug");`);
    this.addSql(
      `alter table "federated_providers" add constraint "federated_providers_issuer_unique" unique ("issuer");`,
    );
    this.addSql(
      `alter table "federated_providers" add constraint "federated_providers_kind_check" check ("kind" in ('GOOGLE', 'GITHUB', 'MICROSOFT', 'APPLE', 'OIDC', 'OAUTH2'));`,
    );
    // A deletion looks for identities of the provider.
    this.addSql(`create index "identities_provider_id_index" on "identities" ("provider_id");`);
    for (const statement of grantStatements('SUPER_ADMIN', ['providers:write'])) this.addSql(statement);
  }
}
