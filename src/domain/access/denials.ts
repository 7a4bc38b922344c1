/**
 * Records denied calls in the audit trail as `access.denied`: at most one entry per caller, operation and minute. The
 * first denial of a minute writes its entry at once. `count` is the number of denied calls since the previous entry, so
 * the counts of all entries add up to the number of denied calls. Maintenance runs `recordPendingDenials`, which writes the
 * calls that are uncounted at the end of their minute. Anonymous callers are identified by source (source.ts).
 */
import { countDeniedCall, takePendingDenials } from '../../persistence/access/access-denials.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { personalPart, recordAudit } from '../audit/record.ts';
import { actorOf, type Caller, callerKeyOf } from '../caller.ts';
import { newId } from '../ids.ts';
import { systemCaller } from '../operator.ts';
import { sourceOf } from '../source.ts';
import { transact, type Unit } from '../transaction.ts';

const batchSize = 200;

type Details = Omit<AuditDetails['access.denied'], 'count'>;
export type DeniedCall = Omit<Details, 'caller'>;

/** Executes one statement, independent of the number of earlier calls. */
export async function recordDenial({ em, clock }: Unit, caller: Caller, call: DeniedCall): Promise<void> {
  const { client, viewer, machine } = caller;
  const { actorId, sessionId, apiKeyId } = actorOf(caller);
  const now = clock.now();
  const { reason: _, ...personal } = personalPart(client);
  const kind = viewer ? 'user' : machine ? 'machine' : 'anonymous';
  const details: Details & { apiKeyId?: string } = { ...call, caller: kind, ...(apiKeyId && { apiKeyId }) };
  await countDeniedCall(em, {
    caller: callerKeyOf(caller) ?? sourceOf(client.ipAddress),
    operation: call.operation,
    now,
    actorId,
    sessionId,
    details,
    entry: { id: newId(now), action: 'access.denied', requestId: client.requestId, ...personal },
  });
}

/** Writes the entries of past minutes. @returns the number of entries */
export async function recordPendingDenials(unit: Unit): Promise<number> {
  let total = 0;
  for (;;) {
    const written = await settleBatch(unit);
    total += written;
    if (written < batchSize) return total;
  }
}

function settleBatch(unit: Unit): Promise<number> {
  const system = systemCaller('denials');
  return transact<number>(unit, system, async ({ tx, now }) => {
    const due = await takePendingDenials<Details>(tx, now, batchSize);
    for (const { actorId, sessionId, ipAddress, details, count } of due) {
      const client = { ...system.client, ipAddress };
      const event = { action: 'access.denied', outcome: 'DENIED', actorId, sessionId } as const;
      recordAudit(tx, client, now, { ...event, details: { ...details, count } });
    }
    return due.length;
  });
}
