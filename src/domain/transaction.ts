/** The one way to change state: a database transaction with its time, its audit entries and its mails. */
import type { Mail, MailRequest, Outbox } from '../mail/mail.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import type { AuditEvent } from './audit/actions.ts';
import { recordAudit } from './audit/record.ts';
import { actorOf, type Caller } from './caller.ts';
import type { Clock } from './clock.ts';
import { Refusal } from './errors.ts';

/** What every verb of the domain takes. The `Deps` of a folder extend it by what its verbs need besides. */
export interface Unit {
  em: EntityManager;
  clock: Clock;
  outbox: Outbox;
}

export interface Transaction {
  tx: EntityManager;
  /** The time of everything that the transaction writes. */
  now: Date;
  /** Adds an audit entry. Its actor and session are those of the signed-in caller unless the event names others. */
  audit(event: AuditEvent): void;
  /** Adds a mail, unless its limit is reached. @returns whether it will be sent */
  mail(mail: Mail, request?: MailRequest): Promise<boolean>;
}

/**
 * Runs the work in a transaction of its own. A refusal that the work **returns** is thrown after the commit, so what it
 * wrote about the refusal stays. An error that it **throws** rolls everything back.
 * @throws Refusal what the work returned or threw
 */
export async function transact<Result>(
  { em, clock, outbox }: Unit,
  caller: Caller,
  work: (transaction: Transaction) => Promise<Result | Refusal>,
): Promise<Result> {
  const now = clock.now();
  const actor = actorOf(caller);
  const result = await em.fork().transactional((tx) =>
    work({
      tx,
      now,
      audit: (event) => recordAudit(tx, caller.client, now, { ...actor, ...event }),
      mail: (mail, request) => outbox.enqueue(tx, mail, now, request),
    }),
  );
  if (result instanceof Refusal) throw result;
  return result;
}
