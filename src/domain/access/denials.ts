/**
 * Puts denied calls on the audit trail as `access.denied`: at most one entry per caller, operation and minute. The first
 * denial of a minute writes its entry at once; `count` is the number of denied calls since the entry before, so the
 * counts of all entries add up to the number of denied calls. What is still uncounted when a minute is over is written by
 * `settle`, which maintenance runs. An anonymous caller is its source (an IPv4 address, or an IPv6 /64).
 */
import { countDeniedCall, takePendingDenials } from '../../persistence/access/access-denials.ts';
import { type AuditDetails, operatorClient, personalPart, recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { newId } from '../ids.ts';
import { sourceOf } from '../source.ts';

const batchSize = 200;

type Details = Omit<AuditDetails['access.denied'], 'count'>;
export type DeniedCall = Omit<Details, 'caller'>;

export class Denials {
  readonly #deps: Pick<DomainDependencies, 'em' | 'clock'>;

  constructor(deps: Pick<DomainDependencies, 'em' | 'clock'>) {
    this.#deps = deps;
  }

  /** One statement, whatever the number of calls before. */
  async record({ client, viewer }: Caller, call: DeniedCall): Promise<void> {
    const now = this.#deps.clock.now();
    const { reason: _, ...personal } = personalPart(client);
    const details: Details = { ...call, caller: viewer ? 'user' : 'anonymous' };
    await countDeniedCall(this.#deps.em, {
      caller: viewer?.id ?? sourceOf(client.ipAddress),
      operation: call.operation,
      now,
      actorId: viewer?.id ?? null,
      sessionId: viewer?.session.id ?? null,
      details,
      entry: { id: newId(now), action: 'access.denied', requestId: client.requestId, ...personal },
    });
  }

  /** Writes the entries of minutes that are over. @returns how many entries */
  async settle(): Promise<number> {
    let total = 0;
    for (;;) {
      const written = await this.#settleBatch();
      total += written;
      if (written < batchSize) return total;
    }
  }

  #settleBatch(): Promise<number> {
    const now = this.#deps.clock.now();
    return this.#deps.em.fork().transactional(async (tx) => {
      const due = await takePendingDenials<Details>(tx, now, batchSize);
      for (const { actorId, sessionId, ipAddress, details, count } of due) {
        const client = { ...operatorClient('denials'), ipAddress };
        const event = { action: 'access.denied', outcome: 'DENIED', actorId, sessionId } as const;
        recordAudit(tx, client, now, { ...event, details: { ...details, count } });
      }
      return due.length;
    });
  }
}
