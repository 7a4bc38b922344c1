/** The mail to the address of a deleted account after a registration or a password reset that names it. */
import type { MailOf } from '../../mail/mail.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainSettings } from '../settings.ts';

/** @param account `deletedAt`: PostgreSQL's text, or a time */
export function deletedAccountMail(
  { settings }: { settings: Pick<DomainSettings, 'softDeleteRetentionSeconds'> },
  account: {
    to: string;
    locale: string | null;
    deletedAt: string | Date;
    requested: { requestedAt: string; ipAddress: string | null };
  },
): MailOf<'account_is_deleted'> {
  const { to, locale, deletedAt, requested } = account;
  const purgeAt = secondsAfter(new Date(deletedAt), settings.softDeleteRetentionSeconds).toISOString();
  return { kind: 'account_is_deleted', to, locale, variables: { ...requested, purgeAt } };
}
