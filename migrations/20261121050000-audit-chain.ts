/** The seals of the audit trail, what signs them, retention that leaves it provable, and the indexes that it is searched by. */
import { Migration } from '@mikro-orm/migrations';

export class AuditChainMigration extends Migration {
  override name = '20261121050000-audit-chain';

  override up(): void {
    // Entries from before keep null: the first sealing finds them by their missing seals.
    this.addSql(`alter table "audit_entries" add "inserted_by" xid8 null;`);
    this.addSql(`alter table "audit_entries" alter column "inserted_by" set default pg_current_xact_id();`);

    this.addSql(
      `create table "audit_seals" ("seq" bigint not null, "entry_id" uuid not null, "hash" bytea not null, primary key ("seq"));`,
    );
    this.addSql(`alter table "audit_seals" add constraint "audit_seals_entry_id_unique" unique ("entry_id");`);
    this.addSql(
      `create table "audit_checkpoints" ("number" bigint not null, "seq" bigint not null, "hash" bytea not null, "signed_at" timestamptz not null, "complete_until" timestamptz null, "key_id" varchar(64) not null, "signature" bytea not null, "horizon" xid8 not null, "cluster_id" varchar(20) not null, primary key ("number"));`,
    );
    this.addSql(`create index "audit_checkpoints_seq_index" on "audit_checkpoints" ("seq");`);
    this.addSql(`create index "audit_checkpoints_signed_at_index" on "audit_checkpoints" ("signed_at");`);
    this.addSql(
      `create table "audit_anchors" ("number" bigint not null, "seq" bigint not null, "hash" bytea not null, "removed_before" timestamptz not null, "signed_at" timestamptz not null, "key_id" varchar(64) not null, "signature" bytea not null, primary key ("number"));`,
    );
    this.addSql(
      `create table "audit_keys" ("kid" varchar(64) not null, "public_key" text not null, "private_key_sealed" bytea not null, "created_at" timestamptz not null, primary key ("kid"));`,
    );

    this.addGuards();
    this.addIndexes();
  }

  /** Rows are added, and removed only from the front, up to an anchor that was put down before. */
  private addGuards(): void {
    this.addSql(`drop trigger "append_only" on "audit_entries";`);
    this.addSql(
      `create or replace function "audit_entries_retention_only_fn"() returns trigger as $$ begin if not exists (select from audit_seals s join audit_anchors a on a.seq >= s.seq where s.entry_id = old.id) then raise exception 'audit entries are append-only'; end if; return old; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "retention_only" BEFORE DELETE on "audit_entries" for each ROW execute function "audit_entries_retention_only_fn"();`,
    );
    const removable = {
      audit_seals: 'exists (select from audit_anchors a where a.seq >= old.seq)',
      audit_checkpoints: 'exists (select from audit_anchors a where a.number >= old.number)',
      audit_anchors: 'exists (select from audit_anchors a where a.number > old.number)',
    };
    for (const [table, condition] of Object.entries(removable)) {
      this.addSql(
        `create or replace function "${table}_append_only_fn"() returns trigger as $$ begin raise exception 'the seals of audit entries are append-only'; end; $$ language plpgsql;`,
      );
      this.addSql(
        `create trigger "append_only" BEFORE UPDATE on "${table}" for each STATEMENT execute function "${table}_append_only_fn"();`,
      );
      this.addSql(
        `create or replace function "${table}_retention_only_fn"() returns trigger as $$ begin if not ${condition} then raise exception 'the seals of audit entries are append-only'; end if; return old; end; $$ language plpgsql;`,
      );
      this.addSql(
        `create trigger "retention_only" BEFORE DELETE on "${table}" for each ROW execute function "${table}_retention_only_fn"();`,
      );
      this.addSql(
        `create trigger "append_only_truncate" before truncate on "${table}" for each statement execute function "${table}_append_only_fn"();`,
      );
    }
  }

  /** Ids are in the order of time, so that each of these serves a filter and the page behind any entry. */
  private addIndexes(): void {
    this.addSql(`drop index "audit_entries_occurred_at_index";`);
    this.addSql(`drop index "audit_entries_actor_id_index";`);
    this.addSql(`drop index audit_entries_address_hash;`);
    this.addSql(`create index "audit_entries_inserted_by_index" on "audit_entries" ("inserted_by");`);
    this.addSql(`create index audit_entries_by_actor on audit_entries (actor_id, id) where actor_id is not null;`);
    this.addSql(`create index audit_entries_by_target on audit_entries (target_id, id) where target_id is not null;`);
    this.addSql(`create index audit_entries_by_action on audit_entries (action, id);`);
    this.addSql(
      `create index audit_entries_by_address on audit_entries (ip_address, id) where ip_address is not null;`,
    );
    this.addSql(`create index audit_entries_by_failure on audit_entries (outcome, id) where outcome <> 'SUCCESS';`);
    this.addSql(
      `create index audit_entries_by_address_hash on audit_entries ((details->>'addressHash'), id) where details->>'addressHash' is not null;`,
    );
    // No query looks for sessions that end by a time; queries look for active ones.
    this.addSql(`drop index "token_families_expires_at_index";`);
    this.addSql(`create index token_families_living on token_families (expires_at) where revoked_at is null;`);
    this.addSql(
      `create index attempt_counters_locked on attempt_counters (bucket, locked_until) where locked_until is not null;`,
    );
  }
}
