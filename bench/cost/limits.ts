/** Lower bounds for any gateway: the same database work as one bare statement, and a bare Argon2id hash. */
import { randomBytes, randomUUID } from 'node:crypto';
import argon2 from 'argon2';
import pg from 'pg';
import { sessionStateColumns } from '../../src/persistence/sessions/session-state.ts';
import type { Scenario } from './scenarios.ts';
import { password } from './users.ts';

/** The defaults of ARGON2_MEMORY and ARGON2_PASSES. */
export const hashParameters = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const readSession = {
  name: 'bench_read',
  text: `select ${sessionStateColumns} from token_families f join users u on u.id = f.user_id
    join roles r on r.name = u.role_name where f.id = $1`,
};
const rotateSession = {
  name: 'bench_rotate',
  text: `with f as (update token_families set rotated_at = now() where id = $1 returning *)
    insert into audit_entries (id, occurred_at, action, outcome, actor_id, target_type, target_id, session_id, request_id, details, personal_salt, personal_hash)
    select $2, now(), 'session.refreshed', 'SUCCESS', user_id, 'session', id::text, id, 'bench', '{}', '\\x00', '\\x00' from f`,
};

export async function sqlLimits(databaseUrl: string, connections: number) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  const { rows } = await pool.query<{ id: string }>('select id from token_families limit $1', [connections]);
  const ids = rows.map(({ id }) => id);
  const scenarios: Scenario[] = [
    statement('SQL: read a session', pool, ids, (id) => ({ ...readSession, values: [id] })),
    statement('SQL: rotate and audit', pool, ids, (id) => ({ ...rotateSession, values: [id, randomUUID()] })),
  ];
  return { scenarios, close: () => pool.end() };
}

function statement(
  name: string,
  pool: pg.Pool,
  ids: readonly string[],
  queryOf: (id: string) => pg.QueryConfig,
): Scenario {
  const run = async (_connections: number, requests: number) => {
    const times: number[] = [];
    const each = requests / ids.length;
    await Promise.all(
      ids.map(async (id) => {
        for (let sent = 0; sent < each; sent += 1) {
          const begun = performance.now();
          await pool.query(queryOf(id));
          times.push(performance.now() - begun);
        }
      }),
    );
    return times;
  };
  return { name, requests: 6000, run };
}

/** @returns CPU milliseconds of one hash, in threads of this process */
export async function hashCpuMs(hashes: number, parallel: number): Promise<number> {
  const before = process.cpuUsage();
  const hashOften = async () => {
    for (let made = 0; made < hashes / parallel; made += 1)
      await argon2.hash(password, { ...hashParameters, salt: randomBytes(16) });
  };
  await Promise.all(Array.from({ length: parallel }, hashOften));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / hashes;
}
