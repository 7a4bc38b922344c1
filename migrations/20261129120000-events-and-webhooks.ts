/** Events for other systems, the webhooks that receive them, and the permission for these. */
import { Migration } from '@mikro-orm/migrations';
import { grantStatements } from './grants.ts';

export class EventsAndWebhooksMigration extends Migration {
  override name = '20261129120000-events-and-webhooks';

  override up(): void {
    this.addSql(
      `create table "events" ("id" uuid not null, "xact" xid8 not null default pg_current_xact_id(), "type" varchar(64) not null, "occurred_at" timestamptz not null, "user_id" uuid null, "session_id" uuid null, "actor_id" uuid null, "audit_entry_id" uuid null, "data" jsonb not null, "dispatched_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "events_occurred_at_index" on "events" ("occurred_at");`);
    this.addSql(`create index events_in_order on events (xact, id);`);
    this.addSql(`create index events_undispatched on events (xact, id) where dispatched_at is null;`);
    this.addSql(`create index events_of_user on events (user_id, xact);`);

    this.addSql(
      `create table "webhooks" ("id" uuid not null, "url" varchar(2048) not null, "description" varchar(100) null, "events" text[] not null, "include_profile" boolean not null, "secret_sealed" bytea not null, "former_secret_sealed" bytea null, "rotating_until" timestamptz null, "enabled" boolean not null, "enabled_at" timestamptz not null, "disabled_reason" text null, "failing_since" timestamptz null, "created_by" uuid null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "webhooks" add constraint "webhooks_disabled_reason_check" check ("disabled_reason" in ('gone', 'failing', 'administrator'));`,
    );

    this.addSql(
      `create table "webhook_deliveries" ("id" uuid not null, "webhook_id" uuid not null, "event_id" uuid not null, "event_type" varchar(64) not null, "user_id" uuid null, "body_sealed" bytea null, "status" text not null, "attempt" int not null, "lease_until" timestamptz null, "next_attempt_at" timestamptz null, "response_status" int null, "response_excerpt_sealed" bytea null, "duration_ms" int null, "created_at" timestamptz not null, "finished_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_webhook_id_event_id_unique" unique ("webhook_id", "event_id");`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_status_check" check ("status" in ('PENDING', 'DELIVERED', 'FAILED', 'ABANDONED'));`,
    );
    this.addSql(`create index "webhook_deliveries_created_at_index" on "webhook_deliveries" ("created_at");`);
    this.addSql(
      `create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where status in ('PENDING', 'FAILED');`,
    );
    this.addSql(`create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id, id);`);
    this.addSql(
      `create index webhook_deliveries_of_user on webhook_deliveries (user_id) where user_id is not null and body_sealed is not null;`,
    );
    this.addSql(
      `create index webhook_deliveries_readable on webhook_deliveries (finished_at) where body_sealed is not null;`,
    );
    this.addSql(
      `create index webhook_deliveries_abandoned on webhook_deliveries (webhook_id, id) where status = 'ABANDONED';`,
    );

    for (const role of ['SUPER_ADMIN', 'ADMIN'])
      for (const statement of grantStatements(role, ['webhooks:write'])) this.addSql(statement);
  }
}
