/**
 * Sends the mails of the outbox. Instances share the work; the mail of a dead worker is claimed again. No request waits
 * for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../metrics/metrics.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { type ClaimedMail, claimDueMails, markFailed, markSent } from '../persistence/mail/outbox.ts';
import type { Trace } from '../trace.ts';
import { problemOf } from './delivery-problem.ts';
import type { Mail } from './mail.ts';
import { type DeliveryProblem, lastUseOf, nextAttemptAt } from './retries.ts';
import type { RenderedMail } from './templates.ts';
import type { MailTransport } from './transport.ts';

/** Each delivery uses its own connection, so a slow one blocks one place only. */
const maxAtOnce = 10;
const deliveryMs = 90_000;
/** Longer than a delivery, so that no mail is claimed twice while its worker runs. */
const claimSeconds = 120;
/** Some orchestrators kill a process ten seconds after SIGTERM. */
const stopMs = 4000;

export interface OutboxWorkerDependencies {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  now(): Date;
  unseal(sealed: Buffer, associatedData: string): Buffer;
  render(mail: Mail): RenderedMail;
  transport: MailTransport;
  /** The pause between two queries of an empty outbox. */
  pollMs: number;
  metrics: Pick<Metrics, 'mail'>;
  trace: Pick<Trace, 'root'>;
  /** @param problem a code, never the content of the mail */
  report(problem: { mailId?: string; kind?: string; problem: string; final: boolean }): void;
}

/** The result of an attempt. `lastUseAt` as in retries.ts. */
type Outcome = 'sent' | { problem: DeliveryProblem; lastUseAt: Date | null };

export class OutboxWorker {
  readonly #deps: OutboxWorkerDependencies;
  readonly #stopping = new AbortController();
  /** Ends attempts that take longer than the shutdown. */
  readonly #aborting = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** Delivered while the database was unavailable: recorded before the next mail, or they would be sent again. */
  readonly #unnoted = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: OutboxWorkerDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Sends due mails once more, for a few seconds, and stops. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => this.#aborting.abort(), stopMs);
    this.#stopping.abort();
    await this.#running;
    while (!this.#aborting.signal.aborted && (await this.#startDue())) await Promise.race(this.#underWay);
    await Promise.all(this.#underWay);
    clearTimeout(deadline);
    this.#deps.transport.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (await this.#startDue()) await Promise.race(this.#underWay);
      // Rejects when it is woken to stop.
      else await sleep(this.#deps.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns whether every place is taken, so that more may be due */
  async #startDue(): Promise<boolean> {
    const { fork, now, report } = this.#deps;
    try {
      for (const id of this.#unnoted) await this.#noteSent(id);
      const at = now();
      const until = new Date(at.getTime() + claimSeconds * 1000);
      const limit = maxAtOnce - this.#underWay.size;
      const mails = limit > 0 ? await claimDueMails(fork(), { now: at, until, limit }) : [];
      for (const mail of mails) this.#start(mail);
    } catch (error) {
      // The database is unavailable: the mails stay in the outbox.
      report({ problem: problemOf(error).code, final: false });
      return false;
    }
    return this.#underWay.size >= maxAtOnce;
  }

  #start(claimed: ClaimedMail): void {
    const { report, trace } = this.#deps;
    const delivery = trace
      .root(`mail ${claimed.kind}`, () => this.#deliver(claimed))
      .catch((error: unknown) => report({ mailId: claimed.id, problem: problemOf(error).code, final: false }))
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  async #deliver(claimed: ClaimedMail): Promise<void> {
    const { fork, now, metrics, report } = this.#deps;
    const { id, kind } = claimed;
    const outcome = await this.#attempt(claimed);
    if (outcome === 'sent') {
      metrics.mail('sent');
      return this.#noteSent(id);
    }
    const { problem, lastUseAt } = outcome;
    const next = this.#aborting.signal.aborted ? now() : nextAttemptAt({ ...claimed, lastUseAt }, problem, now());
    metrics.mail(next === null ? 'dead' : problem.nature === 'internal' ? 'broken' : 'failed');
    report({ mailId: id, kind, problem: problem.code, final: next === null });
    await markFailed(fork(), { id, error: problem.code, nextAttemptAt: next });
  }

  async #attempt({ id, contentSealed, createdAt }: ClaimedMail): Promise<Outcome> {
    const { now, unseal, render, transport } = this.#deps;
    let lastUseAt: Date | null = null;
    try {
      const mail: Mail = JSON.parse(unseal(contentSealed, id).toString());
      lastUseAt = lastUseOf(mail);
      if (lastUseAt && lastUseAt <= now()) return { problem: { code: 'EXPIRED', nature: 'refused' }, lastUseAt };
      const signal = AbortSignal.any([this.#aborting.signal, AbortSignal.timeout(deliveryMs)]);
      await transport.send({ ...render(mail), id, to: mail.to, writtenAt: createdAt }, signal);
      return 'sent';
    } catch (error) {
      return { problem: problemOf(error), lastUseAt };
    }
  }

  async #noteSent(id: string): Promise<void> {
    try {
      await markSent(this.#deps.fork(), id, this.#deps.now());
      this.#unnoted.delete(id);
    } catch (error) {
      this.#unnoted.add(id);
      throw error;
    }
  }
}
