/** Sign-in with external providers: linked identities, sign-ins in progress, and what their tickets and registrations carry. */
import { Migration } from '@mikro-orm/migrations';

export class IdentitiesMigration extends Migration {
  override name = '20261129020000-identities';

  override up(): void {
    this.addSql(
      `create table "identities" ("id" uuid not null, "user_id" uuid not null, "provider_id" uuid not null, "issuer" varchar(512) not null, "subject" varchar(255) not null, "email" varchar(254) null, "linked_at" timestamptz not null, "last_used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "identities_user_id_index" on "identities" ("user_id");`);
    this.addSql(
      `alter table "identities" add constraint "identities_issuer_subject_unique" unique ("issuer", "subject");`,
    );
    this.addSql(
      `alter table "identities" add constraint "identities_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );

    this.addSql(
      `create table "federated_flows" ("id" uuid not null, "state_hash" bytea not null, "code_hash" bytea null, "ticket_hash" bytea null, "provider_id" uuid not null, "purpose" text not null, "session_id" uuid null, "return_to" varchar(2048) not null, "code_challenge" varchar(64) not null, "secrets_sealed" bytea not null, "answer_sealed" bytea null, "profile_sealed" bytea null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "consumed_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "federated_flows" add constraint "federated_flows_state_hash_unique" unique ("state_hash");`,
    );
    this.addSql(
      `alter table "federated_flows" add constraint "federated_flows_code_hash_unique" unique ("code_hash");`,
    );
    this.addSql(
      `alter table "federated_flows" add constraint "federated_flows_ticket_hash_unique" unique ("ticket_hash");`,
    );
    this.addSql(`create index "federated_flows_expires_at_index" on "federated_flows" ("expires_at");`);
    this.addSql(
      `alter table "federated_flows" add constraint "federated_flows_purpose_check" check ("purpose" in ('SIGN_IN', 'LINK', 'REAUTHENTICATION'));`,
    );

    this.addSql(
      `alter table "mfa_tickets" add "methods" text[] not null default '{PASSWORD}', add "identity_sealed" bytea null;`,
    );
    this.addSql(
      `alter table "registrations" alter column "password_hash" drop not null, add "identity_hash" bytea null, add "identity_sealed" bytea null;`,
    );
  }
}
