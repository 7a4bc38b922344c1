/** Checks the triggers that keep audit rows unchanged. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** @returns the triggers that are missing or disabled, as `table.trigger`; those of each partition too */
export async function findDisabledTriggers(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ trigger: string }[]>(
    `select c.relname || '.' || w.name as trigger
     from (values ('audit_entries', 'purge_only'), ('audit_entries', 'retention_only'), ('audit_entries', 'append_only_truncate'),
                  ('audit_seals', 'append_only'), ('audit_seals', 'retention_only'), ('audit_seals', 'append_only_truncate'),
                  ('audit_checkpoints', 'append_only'), ('audit_checkpoints', 'retention_only'), ('audit_checkpoints', 'append_only_truncate'),
                  ('audit_anchors', 'append_only'), ('audit_anchors', 'retention_only'), ('audit_anchors', 'append_only_truncate')) w (tab, name)
       cross join lateral (select w.tab::regclass as oid union all select inhrelid from pg_inherits where inhparent = w.tab::regclass) t
       join pg_class c on c.oid = t.oid
     where not exists (select from pg_trigger g where g.tgrelid = t.oid and g.tgname = w.name and g.tgenabled in ('O', 'A'))
     order by c.relname, w.name`,
  );
  return rows.map(({ trigger }) => trigger);
}
