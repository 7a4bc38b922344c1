/** Stores a sealed mail in the transaction of its cause. worker.ts sends it. */
import { v7 as uuidv7 } from 'uuid';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { countRecentMails } from '../persistence/mail/outbox.ts';
import { OutboxMail } from '../persistence/mail/outbox-mail.ts';
import { takeTurns } from '../persistence/take-turns.ts';
import type { Mail, MailKind, MailRequest, Outbox } from './mail.ts';

/** Mails to one address in an hour: of one kind, or for one type of request from one network. Others are withheld. */
const maxPerHour = 3;
/** Mails to one address in an hour for anonymous requests of all types from all networks. */
const maxRequested = 12;
/** The kinds that anonymous requests lead to. */
const requestedKinds: readonly MailKind[] = [
  'verify_email',
  'already_registered',
  'account_is_deleted',
  'password_reset',
];
const hourMs = 60 * 60 * 1000;

export interface OutboxDependencies {
  seal(plain: Buffer, associatedData: string): Buffer;
  hashAddress(email: string): Buffer;
}

export function createOutbox({ seal, hashAddress }: OutboxDependencies): Outbox {
  /** @returns false when the limit is reached */
  async function add(
    em: EntityManager,
    mail: Pick<Mail, 'kind' | 'to'>,
    now: Date,
    content: Buffer,
    wanted: boolean,
    request?: MailRequest,
  ) {
    const recipientHash = hashAddress(mail.to);
    // Serialises parallel requests: otherwise each would count without the others and exceed the limit.
    await takeTurns(em, `mail:${request ? 'requested' : mail.kind}:${mail.to}`);
    const since = new Date(now.getTime() - hourMs);
    const sourceHash = request ? hashAddress(`source:${request.type}:${request.source}`) : null;
    const kinds = request ? requestedKinds : [mail.kind];
    const recent = await countRecentMails(em, { recipientHash, sourceHash, kinds, since });
    if (recent.ofSource >= maxPerHour || recent.all >= (request ? maxRequested : maxPerHour)) return false;
    const id = uuidv7();
    const sealed = seal(content, id);
    em.persist(
      em.create(OutboxMail, {
        id,
        kind: mail.kind,
        recipientHash,
        sourceHash,
        contentSealed: wanted ? sealed : null,
        state: wanted ? 'pending' : 'sent',
        attempts: 0,
        createdAt: now,
        nextAttemptAt: now,
      }),
    );
    return true;
  }
  return {
    enqueue: (em, mail, now, request) => add(em, mail, now, Buffer.from(JSON.stringify(mail)), true, request),
    pretend: (em, mail, now, request) => add(em, mail, now, Buffer.from(JSON.stringify(mail)), false, request),
  };
}
