/** What an account's life needs: changing the address, deletion and its end, languages, and personal data that can be purged from the audit trail. */
import { Migration } from '@mikro-orm/migrations';

export class AccountLifeMigration extends Migration {
  override name = '20261121020000-account-life';

  override up(): void {
    this.addSql(
      `alter table "users" add "mfa_enabled_at" timestamptz null, add "locale" varchar(16) null, add "deleted_at" timestamptz null;`,
    );
    this.addSql(`alter table "mail_tokens" add "email" varchar(254) null;`);
    this.addSql(`alter table "mail_tokens" drop constraint "mail_tokens_purpose_check";`);
    this.addSql(
      `alter table "mail_tokens" add constraint "mail_tokens_purpose_check" check ("purpose" in ('INVITATION', 'PASSWORD_RESET', 'NOT_ME', 'EMAIL_CHANGE', 'EMAIL_CHANGE_NOT_ME'));`,
    );
    this.addSql(`alter table "token_families" drop constraint "token_families_revoked_reason_check";`);
    this.addSql(
      `alter table "token_families" add constraint "token_families_revoked_reason_check" check ("revoked_reason" in ('logout', 'reuse_detected', 'password_reset', 'password_changed', 'email_changed', 'account_deleted', 'suspended', 'revoked', 'revoked_by_admin', 'disowned', 'superseded'));`,
    );

    this.addSql(
      `alter table "audit_entries" add "reason" varchar(500) null, add "personal_salt" bytea null, add "personal_hash" bytea null;`,
    );
    this.addSql(`drop trigger "append_only" on "audit_entries";`);
    // Entries from before get a salt of their own too: gen_random_uuid() is 122 random bits, and needs no extension.
    this.addSql(`update "audit_entries" set "personal_salt" = uuid_send(gen_random_uuid());`);
    this.addSql(
      `update "audit_entries" set "personal_hash" = sha256("personal_salt" || convert_to('[' || coalesce(to_json("ip_address")::text, 'null') || ',' || coalesce(to_json("user_agent")::text, 'null') || ',null]', 'UTF8'));`,
    );
    this.addSql(`alter table "audit_entries" alter column "personal_hash" set not null;`);
    this.addSql(
      `create index audit_entries_address_hash on audit_entries ((details->>'addressHash')) where details->>'addressHash' is not null;`,
    );
    this.addSql(
      `create trigger "append_only" BEFORE DELETE on "audit_entries" for each STATEMENT execute function "audit_entries_append_only_fn"();`,
    );
    this.addSql(
      `create or replace function "audit_entries_purge_only_fn"() returns trigger as $$ begin if to_jsonb(new) <> to_jsonb(old) || '{"ip_address": null, "user_agent": null, "reason": null, "personal_salt": null}' then raise exception 'audit entries are append-only'; end if; return new; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "purge_only" BEFORE UPDATE on "audit_entries" for each ROW execute function "audit_entries_purge_only_fn"();`,
    );
  }
}
