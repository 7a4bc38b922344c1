/** What is kept for how long after it has run out. The server does this by itself; `postern cleanup` does it once. */
import { type CleanUp, deleteExpired } from '../../persistence/operations/clean-up.ts';
import { purgeDeletedAccounts } from '../accounts/account-purge.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';

const day = 24 * 60 * 60;

export type CleanedUp = Partial<Record<CleanUp['table'] | 'users' | 'audit_entries', number>>;

/** @returns how many rows were removed */
type Task = () => Promise<number>;
type Named = [name: keyof CleanedUp, task: Task];

/**
 * Runs every task, also after one that failed.
 * @throws AggregateError at the end, of the tasks that failed
 */
export async function cleanUp(deps: DomainDependencies, removeOutdatedAuditEntries?: Task): Promise<CleanedUp> {
  const tasks: Named[] = [
    ['users', () => purgeDeletedAccounts(deps)],
    ...rulesOf(deps).map((rule): Named => [rule.table, () => deleteExpired(deps.em, rule)]),
    ...(removeOutdatedAuditEntries ? [['audit_entries', removeOutdatedAuditEntries] satisfies Named] : []),
  ];
  const cleaned: CleanedUp = {};
  const failed: string[] = [];
  const errors: unknown[] = [];
  for (const [name, task] of tasks) {
    try {
      cleaned[name] = await task();
      deps.metrics.cleanedUp(name);
    } catch (error) {
      failed.push(name);
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `cleaning up failed for ${failed.join(', ')}`);
  return cleaned;
}

function rulesOf(deps: DomainDependencies): CleanUp[] {
  const { clock } = deps;
  const ago = (seconds: number) => secondsAfter(clock.now(), -seconds);
  return [
    { table: 'registrations', column: 'expires_at', before: ago(0) },
    { table: 'mail_tokens', column: 'expires_at', before: ago(day) },
    { table: 'mail_token_answers', column: 'expires_at', before: ago(0) },
    { table: 'mfa_tickets', column: 'expires_at', before: ago(0) },
    { table: 'passkey_challenges', column: 'expires_at', before: ago(0) },
    // Offers that nobody took up. A secret that is in use has no end.
    { table: 'totp_secrets', column: 'expires_at', before: ago(0) },
    // A token of a family can come back until its absolute end: until then the row is what detects reuse. After that it
    // still tells which networks and devices its user knows.
    { table: 'token_families', column: 'absolute_expires_at', before: ago(90 * day) },
    // A session without use ends after 30 days: until then its client is answered that its access token has expired.
    { table: 'signing_keys', column: 'retired_at', before: ago(31 * day) },
    {
      table: 'outbox_mails',
      column: 'created_at',
      before: ago(30 * day),
      only: { text: "state <> 'pending'", values: [] },
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
