/** Finds other clients of this database server. Without any, the embedded server can stop. */
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../orm.ts';

/** Closing processes do not count: if several processes closed together, none would stop the server. */
const leaving = 'postern-leaving';

/** Call it after closing this process's connections. A running gateway always has one: its outbox worker queries every second. */
export async function isUsedByOthers(url: string): Promise<boolean> {
  const orm = new MikroORM(ormOptions({ url, poolMax: 1 }, { connect: 1500 }, { application_name: leaving }));
  try {
    const [row] = await orm.em
      .fork()
      .execute<{ count: number }[]>(
        'select count(*)::int as count from pg_stat_activity where usename = current_user and application_name <> ?',
        [leaving],
      );
    return (row?.count ?? 0) > 0;
  } finally {
    await orm.close(true);
  }
}
