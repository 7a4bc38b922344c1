/** The state of the database as one connection of the pool sees it. */
import { TLSSocket } from 'node:tls';
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { PoolClient } from 'pg';

export interface DatabaseState {
  takesWrites: boolean;
  /** The TLS version between this process and its peer, which may be a pooler; null: not encrypted. */
  encryption: string | null;
}

export async function readDatabaseState(em: EntityManager): Promise<DatabaseState> {
  const connection: PostgreSqlConnection = em.getConnection();
  const client = await (await connection.getNativeClient()).connect();
  let takesWrites = false;
  try {
    const { rows } = await client.query<{ takesWrites: boolean }>(
      `select not pg_is_in_recovery() and not current_setting('transaction_read_only')::boolean as "takesWrites"`,
    );
    takesWrites = rows[0]?.takesWrites ?? false;
    return { takesWrites, encryption: encryptionOf(client) };
  } finally {
    // Another connection may reach the server that took over.
    client.release(!takesWrites);
  }
}

/** `pg` has no public name for the socket. */
function encryptionOf(client: PoolClient): string | null {
  const connection = 'connection' in client ? client.connection : null;
  if (typeof connection !== 'object' || connection === null || !('stream' in connection)) return null;
  return connection.stream instanceof TLSSocket ? connection.stream.getProtocol() : null;
}

/** @throws when the database does not answer */
export async function ping(em: EntityManager): Promise<void> {
  await em.execute('select 1');
}
