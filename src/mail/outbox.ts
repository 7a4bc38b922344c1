/** Stores a sealed mail in the transaction of its cause. worker.ts sends it. */
import type { EntityManager } from '../persistence/entity-manager.ts';
import { countRecentMails } from '../persistence/mail/outbox.ts';
import { OutboxMail, type OutboxRow } from '../persistence/mail/outbox-mail.ts';
import { serialiseBy } from '../persistence/named-locks.ts';
import type { Mail, MailKind, MailRequest, Outbox } from './mail.ts';

/** Mails to one address in an hour: of one kind, or for one type of request from one network. Others are withheld. */
const maxPerHour = 3;
/** Mails to one address in an hour for anonymous requests of all types from all networks. */
const maxRequested = 12;
/** The kinds that anonymous requests lead to. A code to sign in leads to one kind only, so its limit is its own. */
const aboutAddress: readonly MailKind[] = [
  'verify_email',
  'already_registered',
  'account_is_deleted',
  'password_reset',
];
const requestedKinds: Readonly<Record<MailRequest['type'], readonly MailKind[]>> = {
  registration: aboutAddress,
  password_reset: aboutAddress,
  sign_in_code: ['sign_in_code'],
};
const hourMs = 60 * 60 * 1000;

export interface OutboxDependencies {
  seal(plain: Buffer, associatedData: string): Buffer;
  hashAddress(email: string): Buffer;
  /** An id of this time, after those that were made before. */
  newId(now: Date): string;
}

export function createOutbox({ seal, hashAddress, newId }: OutboxDependencies): Outbox {
  const rowOf = (mail: Pick<Mail, 'kind' | 'to'>, now: Date): OutboxRow => {
    const id = newId(now);
    return {
      id,
      kind: mail.kind,
      recipientHash: hashAddress(mail.to),
      sourceHash: null,
      contentSealed: seal(Buffer.from(JSON.stringify(mail)), id),
      state: 'pending',
      attempts: 0,
      createdAt: now,
      nextAttemptAt: now,
    };
  };
  /** @returns false when the limit is reached */
  const add = async (
    em: EntityManager,
    mail: Pick<Mail, 'kind' | 'to'>,
    now: Date,
    { request, isSent }: { request: MailRequest | undefined; isSent: boolean },
  ): Promise<boolean> => {
    const { kind, to } = mail;
    const recipientHash = hashAddress(to);
    const sourceHash = request ? hashAddress(`source:${request.type}:${request.source}`) : null;
    // Serialises parallel requests: otherwise each would count without the others and exceed the limit.
    await serialiseBy(em, `mail:${request ? 'requested' : kind}:${to}`);
    const kinds = request ? requestedKinds[request.type] : [kind];
    if (await isLimitReached(em, { kinds, recipientHash, sourceHash }, now)) return false;
    const row = rowOf(mail, now);
    const unsent = { contentSealed: null, state: 'sent' } as const;
    em.persist(em.create(OutboxMail, { ...row, sourceHash, ...(isSent ? {} : unsent) }));
    return true;
  };
  return {
    enqueue: (em, mail, now, request) => add(em, mail, now, { request, isSent: true }),
    pretend: (em, mail, now, request) => add(em, mail, now, { request, isSent: false }),
    prepare: (mail, now) => ({ row: rowOf(mail, now), since: hourBefore(now), max: maxPerHour }),
  };
}

/** @param mail `sourceHash`: of an anonymous request, or null */
async function isLimitReached(
  em: EntityManager,
  mail: { kinds: readonly MailKind[]; recipientHash: Buffer; sourceHash: Buffer | null },
  now: Date,
): Promise<boolean> {
  const { kinds, recipientHash, sourceHash } = mail;
  const recent = await countRecentMails(em, { recipientHash, sourceHash, kinds, since: hourBefore(now) });
  return recent.ofSource >= maxPerHour || recent.all >= (sourceHash ? maxRequested : maxPerHour);
}

function hourBefore(now: Date): Date {
  return new Date(now.getTime() - hourMs);
}
