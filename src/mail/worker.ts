/** Sends the mails of the outbox. */
import type { Metrics } from '../metrics/metrics.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { type ClaimedMail, claimDueMails, markFailed, markSent, markWithheld } from '../persistence/mail/outbox.ts';
import { QueueWorker } from '../queue-worker.ts';
import type { Trace } from '../trace.ts';
import { DeliveryFailure, problemOf } from './delivery-problem.ts';
import type { Mail } from './mail.ts';
import { type DeliveryProblem, lastUseOf, nextAttemptAt } from './retries.ts';
import type { RenderedMail } from './templates.ts';
import type { MailTransport } from './transport.ts';

/** Each delivery uses its own connection. */
const maxAtOnce = 10;
const deliveryMs = 90_000;
const claimSeconds = 120;

export interface OutboxWorkerDependencies {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  now(): Date;
  unseal(sealed: Buffer, associatedData: string): Buffer;
  render(mail: Mail): RenderedMail;
  /** Asks whether a mail may leave. `withhold`: never; it counts as handled, and not as failed. */
  vet(mail: Mail): Promise<'send' | 'withhold' | 'later'>;
  transport: MailTransport;
  /** The pause between two queries of an empty outbox. */
  pollMs: number;
  metrics: Pick<Metrics, 'mail'>;
  trace: Pick<Trace, 'root'>;
  /** @param problem a code, never the content of the mail */
  report(problem: { mailId?: string; kind?: string; problem: string; final: boolean }): void;
}

/** The result of an attempt. `lastUseAt` as in retries.ts. */
type Outcome = 'sent' | 'withheld' | { problem: DeliveryProblem; lastUseAt: Date | null };

export function createOutboxWorker(deps: OutboxWorkerDependencies): QueueWorker<ClaimedMail> {
  const { fork, now, transport, pollMs, trace, report } = deps;
  return new QueueWorker({
    ...{ maxAtOnce, claimSeconds, pollMs, trace, now },
    claim: (claim) => claimDueMails(fork(), claim),
    nameOf: ({ kind }) => `mail ${kind}`,
    deliver: (mail, signal) => deliver(deps, mail, signal),
    markDelivered: (id) => markSent(fork(), id, now()),
    report: (error, mail) => report({ ...(mail && { mailId: mail.id }), problem: problemOf(error).code, final: false }),
    close: () => transport.close(),
  });
}

async function deliver(deps: OutboxWorkerDependencies, claimed: ClaimedMail, aborted: AbortSignal): Promise<boolean> {
  const { fork, now, metrics, report } = deps;
  const { id, kind } = claimed;
  const outcome = await attempt(deps, claimed, aborted);
  if (outcome === 'sent' || outcome === 'withheld') {
    metrics.mail(outcome);
    if (outcome === 'withheld') await markWithheld(fork(), id);
    return outcome === 'sent';
  }
  const { problem, lastUseAt } = outcome;
  const next = aborted.aborted ? now() : nextAttemptAt({ ...claimed, lastUseAt }, problem, now());
  metrics.mail(next === null ? 'dead' : problem.nature === 'internal' ? 'broken' : 'failed');
  report({ mailId: id, kind, problem: problem.code, final: next === null });
  await markFailed(fork(), { id, error: problem.code, nextAttemptAt: next });
  return false;
}

async function attempt(
  { now, unseal, render, vet, transport }: OutboxWorkerDependencies,
  { id, contentSealed, createdAt }: ClaimedMail,
  aborted: AbortSignal,
): Promise<Outcome> {
  let lastUseAt: Date | null = null;
  try {
    const mail: Mail = JSON.parse(unseal(contentSealed, id).toString());
    lastUseAt = lastUseOf(mail);
    if (lastUseAt && lastUseAt <= now()) return { problem: { code: 'EXPIRED', nature: 'refused' }, lastUseAt };
    const verdict = await vet(mail);
    if (verdict === 'withhold') return 'withheld';
    if (verdict === 'later') throw new DeliveryFailure('HOOK_FAILED', 'away');
    const signal = AbortSignal.any([aborted, AbortSignal.timeout(deliveryMs)]);
    await transport.send({ ...render(mail), id, kind: mail.kind, to: mail.to, writtenAt: createdAt }, signal);
    return 'sent';
  } catch (error) {
    return { problem: problemOf(error), lastUseAt };
  }
}
