/** Codes of mails and SMS. */
import { Migration } from '@mikro-orm/migrations';

export class CodeFlowsMigration extends Migration {
  override name = '20261129080000-code-flows';

  override up(): void {
    this.addSql(
      `create table "code_flows" ("id" uuid not null, "flow_hash" bytea not null, "code_hash" bytea not null, "token_hash" bytea null, "challenge" varchar(64) null, "channel" text not null, "purpose" text not null, "user_id" uuid null, "phone_id" uuid null, "address_sealed" bytea null, "bound_to" uuid null, "attempts" int not null default 0, "created_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`alter table "code_flows" add constraint "code_flows_flow_hash_unique" unique ("flow_hash");`);
    this.addSql(`alter table "code_flows" add constraint "code_flows_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "code_flows_user_id_index" on "code_flows" ("user_id");`);
    this.addSql(`create index "code_flows_expires_at_index" on "code_flows" ("expires_at");`);
    this.addSql(
      `alter table "code_flows" add constraint "code_flows_channel_check" check ("channel" in ('EMAIL', 'SMS'));`,
    );
    this.addSql(
      `alter table "code_flows" add constraint "code_flows_purpose_check" check ("purpose" in ('SIGN_IN', 'SECOND_STEP', 'REAUTHENTICATION', 'PHONE'));`,
    );
    this.addSql(
      `alter table "code_flows" add constraint "code_flows_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    );
  }
}
