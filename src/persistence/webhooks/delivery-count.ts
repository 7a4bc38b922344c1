/** Counts the deliveries of a list. */
import { type EntityManager, type FilterObject, raw } from '@mikro-orm/postgresql';
import { maxListCount } from '../bounded-count.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

/** @returns the number of matching deliveries, up to a bound */
export async function countDeliveries(em: EntityManager, where: FilterObject<WebhookDelivery>): Promise<number> {
  const counted = em.createQueryBuilder(WebhookDelivery).select('id').where(where).limit(maxListCount);
  const { count } = await em
    .createQueryBuilder(WebhookDelivery)
    .select(raw('count(*)::int as count'))
    .from(counted)
    .execute<{ count: number }>('get', false);
  return count;
}
