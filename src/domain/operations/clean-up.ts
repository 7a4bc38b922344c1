/** Deletes expired data. The server does it regularly; `postern cleanup` does it once. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type CleanUp, deleteExpired } from '../../persistence/operations/clean-up.ts';
import { createMissingPartitions } from '../../persistence/partitions/create.ts';
import { periodsAhead } from '../../persistence/partitions/tables.ts';
import { eraseMessagesBefore } from '../../persistence/webhooks/deliveries.ts';
import { purgeDeletedAccounts } from '../accounts/account-purge.ts';
import type { AccountDeps } from '../accounts/deps.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainSettings } from '../settings.ts';
import { removeOldMails } from './mail-retention.ts';

export interface CleanUpDeps extends AccountDeps {
  settings: AccountDeps['settings'] & Pick<DomainSettings, 'eventRetentionSeconds'>;
}

const day = 24 * 60 * 60;

export type CleanedUp = Partial<
  Record<CleanUp['table'] | 'users' | 'webhook_messages' | 'audit_entries' | 'partitions', number>
>;

/** @returns the number of deleted rows, or of created partitions */
type Task = () => Promise<number>;
export type CleanUpTask = [name: keyof CleanedUp, task: Task];

export interface CleanUpOptions {
  /** Whether partitions are created and dropped. */
  partitions: boolean;
  further: readonly CleanUpTask[];
}

/**
 * Runs every task, also after a failed one.
 * @throws AggregateError with the errors of the failed tasks, after the last task
 */
export async function cleanUp(
  deps: CleanUpDeps,
  { partitions, further }: CleanUpOptions = { partitions: false, further: [] },
): Promise<CleanedUp> {
  const { em, clock } = deps;
  const tasks: CleanUpTask[] = [
    ['users', () => purgeDeletedAccounts(deps)],
    ...rulesOf(deps).map((rule): CleanUpTask => [rule.table, () => deleteExpired(em, rule)]),
    ['webhook_messages', () => eraseMessagesBefore(em, secondsAfter(clock.now(), -7 * day))],
    ['outbox_mails', () => removeOldMails(em, clock.now(), partitions)],
    ...further,
    ...(partitions ? [['partitions', () => createPartitions(em, clock.now())] satisfies CleanUpTask] : []),
  ];
  const cleaned: CleanedUp = {};
  const failed: string[] = [];
  const errors: unknown[] = [];
  for (const [name, task] of tasks) {
    try {
      cleaned[name] = (cleaned[name] ?? 0) + (await task());
      deps.metrics.cleanedUp(name);
    } catch (error) {
      failed.push(name);
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `cleaning up failed for ${failed.join(', ')}`);
  return cleaned;
}

async function createPartitions(em: EntityManager, now: Date): Promise<number> {
  return (await createMissingPartitions(em, now, periodsAhead)).length;
}

function rulesOf(deps: CleanUpDeps): CleanUp[] {
  const { clock, settings } = deps;
  const ago = (seconds: number) => secondsAfter(clock.now(), -seconds);
  return [
    { table: 'registrations', column: 'expires_at', before: ago(0) },
    { table: 'mail_tokens', column: 'expires_at', before: ago(day) },
    { table: 'mail_token_answers', column: 'expires_at', before: ago(0) },
    { table: 'mfa_tickets', column: 'expires_at', before: ago(0) },
    { table: 'passkey_challenges', column: 'expires_at', before: ago(0) },
    { table: 'code_flows', column: 'expires_at', before: ago(day) },
    { table: 'federated_flows', column: 'expires_at', before: ago(60 * 60) },
    // Numbers whose code was never entered.
    { table: 'phones', column: 'created_at', before: ago(day), only: { text: 'verified_at is null', values: [] } },
    { table: 'sms_messages', column: 'created_at', before: ago(30 * day) },
    // A prefix is judged by its messages since the last pause.
    { table: 'sms_counters', column: 'window_ends_at', before: ago(30 * day) },
    { table: 'spent_tokens', column: 'expires_at', before: ago(0) },
    // Until then, a refused request can be told to be one with an expired or revoked key.
    ...(['api_keys', 'service_account_secrets'] as const).flatMap((table) =>
      (['expires_at', 'revoked_at'] as const).map((column): CleanUp => ({ table, column, before: ago(90 * day) })),
    ),
    { table: 'service_accounts', column: 'deleted_at', before: ago(90 * day) },
    { table: 'account_habits', column: 'updated_at', before: ago(180 * day) },
    // Unconfirmed secrets. A confirmed one does not expire.
    { table: 'totp_secrets', column: 'expires_at', before: ago(0) },
    // The row detects reuse of tokens until its absolute expiry. After that it still tells which networks and devices are
    // known to its user.
    { table: 'token_families', column: 'absolute_expires_at', before: ago(90 * day) },
    // An unused session expires after 30 days. Until then, its client must learn that the access token has expired.
    { table: 'signing_keys', column: 'retired_at', before: ago(31 * day) },
    // The security overview reads the last 31 days.
    { table: 'audit_activity', column: 'starts_at', before: ago(32 * day) },
    // An event that no webhook has received yet stays at any age.
    {
      table: 'events',
      column: 'occurred_at',
      before: ago(settings.eventRetentionSeconds),
      only: { text: 'dispatched_at is not null', values: [] },
    },
    {
      table: 'webhook_deliveries',
      column: 'created_at',
      before: ago(30 * day),
      only: { text: "status in ('DELIVERED', 'ABANDONED')", values: [] },
    },
    { table: 'access_denials', column: 'minute', before: ago(60 * 60), only: { text: 'pending = 0', values: [] } },
    {
      table: 'attempt_counters',
      column: 'total_ends_at',
      before: ago(0),
      only: { text: '(locked_until is null or locked_until < ?)', values: [ago(0)] },
    },
  ];
}
