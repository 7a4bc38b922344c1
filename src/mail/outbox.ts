/** The way in: a mail joins the transaction that decided on it, sealed. The way out is worker.ts. */
import { v7 as uuidv7 } from 'uuid';
import { OutboxMail } from '../persistence/entities/outbox-mail.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { countRecentMails } from '../persistence/queries/outbox.ts';
import { takeTurns } from '../persistence/queries/take-turns.ts';
import type { Mail, Outbox } from './mail.ts';

/** Mails of one kind to one address in an hour: of one network, or of all where no network is given. Others are dropped. */
const maxPerHour = 3;
/** Mails of one kind to one address in an hour, for requests from all networks. */
const maxOfAllSources = 12;
const hourMs = 60 * 60 * 1000;

export interface OutboxDependencies {
  seal(plain: Buffer, associatedData: string): Buffer;
  hashAddress(email: string): Buffer;
}

export function createOutbox({ seal, hashAddress }: OutboxDependencies): Outbox {
  /** @returns whether the address had room for one more */
  async function add(
    em: EntityManager,
    mail: Pick<Mail, 'kind' | 'to'>,
    now: Date,
    content: Buffer,
    wanted: boolean,
    source?: string,
  ) {
    const recipientHash = hashAddress(mail.to);
    // Parallel requests count one after the other, or all of them would find room.
    await takeTurns(em, `mail:${mail.kind}:${mail.to}`);
    const since = new Date(now.getTime() - hourMs);
    const sourceHash = source === undefined ? null : hashAddress(`source:${source}`);
    const recent = await countRecentMails(em, { recipientHash, sourceHash, kind: mail.kind, since });
    if (recent.ofSource >= maxPerHour || recent.all >= (sourceHash ? maxOfAllSources : maxPerHour)) return false;
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
    enqueue: (em, mail, now, source) => add(em, mail, now, Buffer.from(JSON.stringify(mail)), true, source),
    pretend: (em, mail, now, source) => add(em, mail, now, Buffer.from(JSON.stringify(mail)), false, source),
  };
}
