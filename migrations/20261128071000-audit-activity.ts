/** Counts of audit entries by time, for the security overview, with those of the last month. */
import { Migration } from '@mikro-orm/migrations';

const counters = {
  sign_ins: ['session.started'],
  sign_in_failures: ['login.refused', 'mfa.code_refused', 'passkey.refused'],
  locks: ['account.locked'],
  token_reuses: ['token.reuse_detected'],
  registrations: ['user.created'],
};

export class AuditActivityMigration extends Migration {
  override name = '20261128071000-audit-activity';

  override up(): void {
    const columns = Object.keys(counters);
    this.addSql(
      `create table "audit_activity" ("seconds" int not null, "starts_at" timestamptz not null, ${columns.map((column) => `"${column}" int not null`).join(', ')}, primary key ("seconds", "starts_at"));`,
    );
    this.addSql(`create index "audit_activity_starts_at_index" on "audit_activity" ("starts_at");`);
    this.addSql(
      `create table "audit_activity_progress" ("id" int not null, "seq" bigint not null, primary key ("id"));`,
    );
    this.addSql(
      `insert into audit_activity_progress (id, seq) select 1, coalesce((select seq from audit_seals order by seq desc limit 1), 0);`,
    );
    const counts = Object.values(counters).map((actions) => `count(*) filter (where action in (${listOf(actions)}))`);
    // An id begins with the milliseconds of its time (UUIDv7).
    this.addSql(
      `insert into audit_activity (seconds, starts_at, ${columns.join(', ')})
       select seconds, date_bin(seconds * interval '1 second', occurred_at, 'epoch'), ${counts.join(', ')}
       from audit_entries e cross join (values (300), (3600)) length (seconds)
       where e.id >= rpad(lpad(to_hex((extract(epoch from now() - interval '32 days') * 1000)::bigint), 12, '0'), 32, '0')::uuid
         and e.action in (${listOf(Object.values(counters).flat())})
         and exists (select from audit_seals s where s.entry_id = e.id and s.seq <= (select seq from audit_activity_progress))
       group by 1, 2;`,
    );
  }
}

function listOf(actions: readonly string[]): string {
  return actions.map((action) => `'${action}'`).join(', ');
}
