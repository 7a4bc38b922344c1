/** Sends the messages of the queue. A message is attempted twice at most, within a minute. */
import type { Metrics } from '../metrics/metrics.ts';
import type { SmsProblem, SmsProvider } from '../outbound/sms/provider.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { type ClaimedSms, claimDueSms, markSmsFailed, markSmsSent } from '../persistence/sms/queue.ts';
import { QueueWorker } from '../queue-worker.ts';
import type { Trace } from '../trace.ts';
import { type Sms, smsCodeSeconds } from './sms.ts';

const maxAtOnce = 5;
/** An attempt takes five seconds at most (outbound/). */
const claimSeconds = 20;
const maxAttempts = 2;
const retrySeconds = 15;

export interface SmsWorkerDependencies {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  now(): Date;
  unseal(sealed: Buffer, associatedData: string): Buffer;
  textOf(sms: Sms): string;
  provider: SmsProvider;
  /** The pause between two queries of an empty queue. */
  pollMs: number;
  metrics: Pick<Metrics, 'sms'>;
  trace: Pick<Trace, 'root'>;
  /** @param problem a code, never the number or the text */
  report(problem: { smsId?: string; problem: string; final: boolean }): void;
}

export function createSmsWorker(deps: SmsWorkerDependencies): QueueWorker<ClaimedSms> {
  const { fork, now, pollMs, trace, report } = deps;
  return new QueueWorker({
    ...{ maxAtOnce, claimSeconds, pollMs, trace, now },
    claim: (claim) => claimDueSms(fork(), claim),
    nameOf: () => 'sms',
    deliver: (claimed) => deliver(deps, claimed),
    markDelivered: (id) => markSmsSent(fork(), id, now()),
    report: (error, claimed) => report({ ...(claimed && { smsId: claimed.id }), problem: nameOf(error), final: false }),
    close: () => undefined,
  });
}

async function deliver(deps: SmsWorkerDependencies, claimed: ClaimedSms): Promise<boolean> {
  const { fork, now, metrics, report } = deps;
  const problem = await attempt(deps, claimed);
  if (problem === null) {
    metrics.sms('sent');
    return true;
  }
  const isLast = problem.nature === 'final' || claimed.attempts >= maxAttempts;
  metrics.sms(isLast ? 'dead' : 'failed');
  report({ smsId: claimed.id, problem: problem.code, final: isLast });
  const nextAttemptAt = isLast ? null : new Date(now().getTime() + retrySeconds * 1000);
  await markSmsFailed(fork(), { id: claimed.id, error: problem.code, nextAttemptAt });
  return false;
}

async function attempt(
  { now, unseal, textOf, provider }: SmsWorkerDependencies,
  { id, contentSealed, createdAt, attempts }: ClaimedSms,
): Promise<SmsProblem | null> {
  if (now().getTime() >= createdAt.getTime() + smsCodeSeconds * 1000) return { code: 'expired', nature: 'final' };
  // Workers that end during the call leave a claim behind. The first attempts of two of them may have been accepted.
  if (attempts > maxAttempts) return { code: 'abandoned', nature: 'final' };
  try {
    const sms: Sms = JSON.parse(unseal(contentSealed, id).toString());
    return await provider.send({ id, to: sms.to, text: textOf(sms) });
  } catch (error) {
    return { code: nameOf(error), nature: 'final' };
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
