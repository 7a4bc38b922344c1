/** Sign-ins with providers that belong to a browser, and the tokens of providers that store them. */
import { Migration } from '@mikro-orm/migrations';

export class BrowserBoundFlowsMigration extends Migration {
  override name = '20261129070000-browser-bound-flows';

  override up(): void {
    this.addSql(`alter table "federated_flows" add "browser_hash" bytea null;`);
    this.addSql(`alter table "identities" add "tokens_sealed" bytea null;`);
    // The purpose is renamed. Its flows live for ten minutes.
    this.addSql(`alter table "federated_flows" drop constraint "federated_flows_purpose_check";`);
    this.addSql(`delete from "federated_flows" where "purpose" = 'REAUTHENTICATION';`);
    this.addSql(
      `alter table "federated_flows" add constraint "federated_flows_purpose_check" check ("purpose" in ('SIGN_IN', 'LINK', 'REAUTHENTICATE'));`,
    );
  }
}
