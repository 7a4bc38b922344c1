/** Mails as rows of statements that insert them with other rows. */
import { jsonTable } from '../json-rows.ts';
import type { OutboxRow } from './outbox-mail.ts';

export const outboxRows = jsonTable<OutboxRow>('outbox_mails', {
  id: 'id',
  kind: 'kind',
  recipientHash: 'recipient_hash',
  sourceHash: 'source_hash',
  contentSealed: 'content_sealed',
  state: 'state',
  attempts: 'attempts',
  createdAt: 'created_at',
  nextAttemptAt: 'next_attempt_at',
});
