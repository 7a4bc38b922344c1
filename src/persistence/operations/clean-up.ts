/** Deletes expired rows in small batches. Rows that a transaction has locked are left for the next run. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isPartitionedTable } from '../partitions/tables.ts';

export interface CleanUp {
  table:
    | 'registrations'
    | 'mail_tokens'
    | 'mail_token_answers'
    | 'mfa_tickets'
    | 'totp_secrets'
    | 'passkey_challenges'
    | 'code_flows'
    | 'federated_flows'
    | 'phones'
    | 'sms_messages'
    | 'sms_counters'
    | 'token_families'
    | 'outbox_mails'
    | 'signing_keys'
    | 'attempt_counters'
    | 'access_denials'
    | 'audit_activity'
    | 'api_keys'
    | 'service_account_secrets'
    | 'service_accounts'
    | 'spent_tokens'
    | 'events'
    | 'webhook_deliveries'
    | 'account_habits';
  /** The column with the end of a row. */
  column:
    | 'expires_at'
    | 'absolute_expires_at'
    | 'created_at'
    | 'window_ends_at'
    | 'retired_at'
    | 'total_ends_at'
    | 'minute'
    | 'starts_at'
    | 'revoked_at'
    | 'deleted_at'
    | 'occurred_at'
    | 'updated_at';
  before: Date;
  /** A further condition: constant SQL text and its values. */
  only?: { text: string; values: readonly (Date | string)[] };
}

const batchSize = 500;

/** @returns the number of deleted rows */
export async function deleteExpired(em: EntityManager, { table, column, before, only }: CleanUp): Promise<number> {
  // The place of a row (`ctid`) is unique within a partition only.
  const key = isPartitionedTable(table) ? 'id' : 'ctid';
  let total = 0;
  for (;;) {
    const rows = await em.execute<{ gone: number }[]>(
      `delete from ${table} where ${key} = any(array(
         select ${key} from ${table} where ${column} < ? and ${only?.text ?? 'true'} limit ${batchSize} for update skip locked))
       returning 1 as gone`,
      [before, ...(only?.values ?? [])],
    );
    total += rows.length;
    if (rows.length < batchSize) return total;
  }
}
