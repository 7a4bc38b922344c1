/** Finds the users that mails about a webhook go to. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** More administrators than an installation needs; bounds the mails of one transaction. */
const maxRecipients = 50;

/** @returns active users whose role has the permission, and the creator; unordered */
export function findWebhookAdministrators(
  em: EntityManager,
  permission: string,
  createdBy: string | null,
): Promise<{ email: string; locale: string | null }[]> {
  return em.execute(
    `select email, locale from users
     where status = 'ACTIVE' and (id = ? or role_name in (select name from roles where ? = any(permissions)))
     order by id limit ${maxRecipients}`,
    [createdBy, permission],
  );
}
