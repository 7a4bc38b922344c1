/** What a partitioned table takes over from the table that it replaces: indexes, triggers, owner and privileges. */
import type { EntityManager } from '@mikro-orm/postgresql';

interface Definition {
  name: string;
  /** A statement; null: of the primary key. */
  definition: string | null;
}

export interface Definitions {
  indexes: Definition[];
  triggers: Definition[];
}

export async function readDefinitions(tx: EntityManager, table: string): Promise<Definitions> {
  const indexes = await tx.execute<Definition[]>(
    `select c.relname as name, case when not i.indisprimary then pg_get_indexdef(c.oid) end as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = ?::regclass`,
    [table],
  );
  const triggers = await tx.execute<Definition[]>(
    `select tgname as name, pg_get_triggerdef(oid) as definition from pg_trigger
     where tgrelid = ?::regclass and not tgisinternal`,
    [table],
  );
  return { indexes, triggers };
}

/** The names become free for the indexes of the partitioned table. */
export async function renameIndexes(
  tx: EntityManager,
  indexes: readonly Definition[],
  suffix: `_${string}`,
): Promise<void> {
  for (const { name } of indexes) await tx.execute(`alter index "${name}" rename to "${name}${suffix}"`);
}

/** Other roles may read or write the table: they keep their rights. */
export async function copyPrivileges(tx: EntityManager, from: string, to: string): Promise<void> {
  const statements = await tx.execute<{ text: string }[]>(
    `with source as (select * from pg_class where oid = :from::regclass),
     grants as (
       select a.*, '' as columns from source, aclexplode(relacl) a
       union all
       select a.*, format('(%I)', attname) from source join pg_attribute on attrelid = source.oid, aclexplode(attacl) a)
     select format('grant %s %s on %I to %s%s', privilege_type, columns, :to::text,
              case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
              case when is_grantable then ' with grant option' else '' end) as text
     from grants, source where grantee <> relowner
     union all
     select format('alter table %I owner to %I', :to::text, pg_get_userbyid(relowner)) from source
     where pg_get_userbyid(relowner) <> current_user`,
    { from, to },
  );
  for (const { text } of statements) await tx.execute(text);
}
