/** What `postern doctor` reads about the database server, the role and the pooler. */
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { UnusableServer } from '../connection/server-check.ts';
import { roleSettings } from '../connection/session-settings.ts';
import { requestDeadlines } from '../orm.ts';

export interface DatabaseFacts {
  /** For example 180001. */
  version: number;
  timeZone: string;
  /** Quoted for SQL, as the next three. */
  role: string;
  database: string;
  /** null: no schema of the search path exists. */
  schema: string | null;
  /** Roles that own tables of the schema, and whose rights the role lacks. */
  otherOwners: string[];
  isSuperuser: boolean;
  createsTables: boolean;
}

export async function readDatabaseFacts(em: EntityManager): Promise<DatabaseFacts> {
  const [row] = await em.execute<DatabaseFacts[]>(
    `select current_setting('server_version_num')::int as version, current_setting('TimeZone') as "timeZone",
            quote_ident(current_user) as role, quote_ident(current_database()) as database,
            quote_ident(current_schema()) as schema,
            (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
            coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "createsTables",
            array(select distinct quote_ident(tableowner) from pg_tables
                  where schemaname = current_schema() and not pg_has_role(current_user, tableowner, 'USAGE'))
              as "otherOwners"`,
  );
  if (!row) throw new Error('the server gave no settings');
  return row;
}

/** Whether two clients that are connected at the same time get the same server connection. */
export async function sharesServerConnections(em: EntityManager): Promise<boolean> {
  const connection: PostgreSqlConnection = em.getConnection();
  const pool = await connection.getNativeClient();
  const clients = await Promise.all([pool.connect(), pool.connect()]);
  try {
    const pids = new Set<number>();
    for (const client of clients) {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      pids.add(rows[0]?.pid ?? 0);
    }
    return pids.size < clients.length;
  } finally {
    for (const client of clients) client.release();
  }
}

/**
 * For production behind a transaction pooler: there, statements outside transactions have only the deadlines of the role.
 * @throws UnusableServer
 */
export async function requireRoleSettings(em: EntityManager): Promise<void> {
  const missing = await findMissingRoleSettings(em);
  if (missing.length === 0) return;
  const { role, database } = await readDatabaseFacts(em);
  const statements = missing.map(
    ([name, value]) => `alter role ${role} in database ${database} set ${name} = '${value}'`,
  );
  throw new UnusableServer(
    `behind the pooler, the role ${role} lacks ${missing.map(([name]) => name).join(', ')}: run "${statements.join('; ')}", then RECONNECT in the console of PgBouncer`,
  );
}

/** The settings that a transaction pooler takes away from sessions, and that the role lacks, with their values. */
export async function findMissingRoleSettings(em: EntityManager): Promise<[name: string, value: string][]> {
  const { exact, deadlines } = roleSettings(requestDeadlines);
  const wanted = { ...exact, ...deadlines };
  const rows = await em.execute<{ name: string; value: string }[]>(
    "select name, current_setting(name) as value from unnest(string_to_array(?, ',')) as name",
    [Object.keys(wanted).join(',')],
  );
  const present = new Map(rows.map(({ name, value }) => [name, value]));
  return Object.entries(wanted).filter(([name, value]) => {
    const is = present.get(name);
    return name in deadlines ? is === '0' : is !== value;
  });
}
