/** Checks the triggers that keep audit rows unchanged. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** @returns the triggers that are missing or disabled, as `table.trigger` */
export async function findDisabledTriggers(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ trigger: string }[]>(
    `select w.tab || '.' || w.name as trigger
     from (values ('audit_entries', 'purge_only'), ('audit_entries', 'retention_only'), ('audit_entries', 'append_only_truncate'),
                  ('audit_seals', 'append_only'), ('audit_seals', 'retention_only'), ('audit_seals', 'append_only_truncate'),
                  ('audit_checkpoints', 'append_only'), ('audit_checkpoints', 'retention_only'), ('audit_checkpoints', 'append_only_truncate'),
                  ('audit_anchors', 'append_only'), ('audit_anchors', 'retention_only'), ('audit_anchors', 'append_only_truncate')) w (tab, name)
     where not exists (select from pg_trigger t where t.tgrelid = w.tab::regclass and t.tgname = w.name and t.tgenabled in ('O', 'A'))
     order by 1`,
  );
  return rows.map(({ trigger }) => trigger);
}
