/** Finds the keys about whose expiry a mail is due. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';

/** Before the expiry: once, for keys that were made earlier than the notice. From the expiry on: once more. */
const statement = {
  name: 'expiring_keys',
  text: `select id from api_keys
    where revoked_at is null and id > $4::uuid
      and expires_at > $1::timestamptz - $2 * interval '1 second' and expires_at <= $1::timestamptz + $2 * interval '1 second'
      and case when expires_at > $1::timestamptz
        then expiry_mailed_at is null and created_at <= expires_at - $2 * interval '1 second'
        else expiry_mailed_at is null or expiry_mailed_at < expires_at end
    order by id limit $3`,
};

const lowestId = '00000000-0000-0000-0000-000000000000';

/** @param after the last id of the page before @returns ids in ascending order; those that expired before the notice are omitted */
export async function findExpiringKeys(
  em: EntityManager,
  { now, noticeSeconds, limit, after }: { now: Date; noticeSeconds: number; limit: number; after: string | undefined },
): Promise<string[]> {
  const rows = await query<{ id: string }>(em, statement, [now, noticeSeconds, limit, after ?? lowestId]);
  return rows.map(({ id }) => id);
}
