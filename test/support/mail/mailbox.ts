/** The state of mails: the outbox in the database, and the received mails of the mail server. */
import type { ParsedMail } from 'mailparser';
import type { TestDatabase } from '../gateway/database.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { until } from '../races/until.ts';
import { recipientsOf } from './mail-server.ts';

export interface OutboxRow {
  id: string;
  kind: string;
  state: string;
  attempts: number;
  contentSealed: Buffer | null;
  recipientHash: Buffer;
  createdAt: Date;
  nextAttemptAt: Date;
  sentAt: Date | null;
  lastError: string | null;
}

export function outboxOf(database: TestDatabase): Promise<OutboxRow[]> {
  return database.query<OutboxRow>(
    `select id, kind, state, attempts, content_sealed as "contentSealed", recipient_hash as "recipientHash",
            created_at as "createdAt", next_attempt_at as "nextAttemptAt", sent_at as "sentAt",
            last_error as "lastError"
     from outbox_mails order by created_at, id`,
  );
}

/** Waits until no mail waits, so that a mail that has not arrived by then never will. */
export async function everythingIsSent(database: TestDatabase): Promise<void> {
  await until('the outbox runs dry', async () => {
    const waiting = (await outboxOf(database)).filter(({ state }) => state === 'pending');
    return waiting.length === 0;
  });
}

/** Removes all mails to an address from the received ones, once everything is sent. */
export async function takeAll(gateway: TestGateway, to: string): Promise<ParsedMail[]> {
  await everythingIsSent(gateway.database);
  const count = gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(to)).length;
  const taken: ParsedMail[] = [];
  while (taken.length < count) taken.push(await gateway.mail.take(to));
  return taken;
}
