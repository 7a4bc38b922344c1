/**
 * Records denied calls in the audit trail, as `access.denied` or `identities.refused`: at most one entry per caller,
 * operation and minute. The first denial of a minute writes its entry at once. `count` is the number of denied calls since
 * the previous entry, so the counts of all entries add up to the number of denied calls. Maintenance runs
 * `recordPendingDenials`, which writes the calls that are uncounted at the end of their minute. Anonymous callers are
 * identified by source (source.ts).
 */
import {
  type DeniedCall as CountedCall,
  countDeniedCall,
  takePendingDenials,
} from '../../persistence/access/access-denials.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { noActor, personalPart, recordAudit } from '../audit/record.ts';
import { actorOf, type Caller, type Client, callerKeyOf } from '../caller.ts';
import { newId } from '../ids.ts';
import { systemCaller } from '../operator.ts';
import { sourceOf } from '../source.ts';
import { transact, type Unit } from '../transaction.ts';

const batchSize = 200;

type Details = Omit<AuditDetails['access.denied'], 'count'>;
export type DeniedCall = Omit<Details, 'caller'>;

type RefusedDetails = Omit<AuditDetails['identities.refused'], 'count'>;
/** The operation that refused routers are counted by. No field of the schema has this name. */
const identities = 'POST /auth/identities';

/** Executes one statement, independent of the number of earlier calls. */
export async function recordDenial(unit: Unit, caller: Caller, call: DeniedCall): Promise<void> {
  const { client, viewer, machine } = caller;
  const { apiKeyId, ...actor } = actorOf(caller);
  const kind = viewer ? 'user' : machine ? 'machine' : 'anonymous';
  const details: Details & { apiKeyId?: string } = { ...call, caller: kind, ...(apiKeyId && { apiKeyId }) };
  const key = callerKeyOf(caller) ?? sourceOf(client.ipAddress);
  await count(unit, client, 'access.denied', { caller: key, operation: call.operation, ...actor, details });
}

/** A request for identities without the secret of the router. It counts by source. */
export async function recordRefusedRouter(unit: Unit, client: Client, details: RefusedDetails): Promise<void> {
  const source = sourceOf(client.ipAddress);
  await count(unit, client, 'identities.refused', { caller: source, operation: identities, ...noActor, details });
}

async function count(
  { em, clock }: Unit,
  client: Client,
  action: 'access.denied' | 'identities.refused',
  call: Pick<CountedCall, 'caller' | 'operation' | 'actorId' | 'sessionId' | 'details'>,
): Promise<void> {
  const now = clock.now();
  const { reason: _, ...personal } = personalPart(client);
  await countDeniedCall(em, {
    ...call,
    now,
    entry: { id: newId(now), action, requestId: client.requestId, ...personal },
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
    const due = await takePendingDenials<Details | RefusedDetails>(tx, now, batchSize);
    for (const { actorId, sessionId, ipAddress, details, count: denied } of due) {
      const client = { ...system.client, ipAddress };
      const event = { outcome: 'DENIED', actorId, sessionId } as const;
      if ('reason' in details)
        recordAudit(tx, client, now, {
          ...event,
          action: 'identities.refused',
          details: { ...details, count: denied },
        });
      else recordAudit(tx, client, now, { ...event, action: 'access.denied', details: { ...details, count: denied } });
    }
    return due.length;
  });
}
