/** Who else uses this database server: decides whether the embedded one may be stopped. */
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../orm.ts';

/** Those who are leaving do not count: of several that leave together, none would stop the server. */
const leaving = 'postern-leaving';

/** To be asked once the own connections are closed. A running gateway always has one: its outbox worker asks every second. */
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
