/**
 * Turns events into deliveries and sends them. Instances share the work; the delivery of a dead instance is claimed again
 * after its lease. No request waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../../metrics/metrics.ts';
import { type ClaimedDelivery, claimDeliveries } from '../../persistence/webhooks/deliveries.ts';
import type { Trace } from '../../trace.ts';
import { secondsAfter } from '../clock.ts';
import { sendDelivery } from './attempt.ts';
import type { WebhookDeps } from './deps.ts';
import { fanOut } from './fan-out.ts';
import { settle } from './settle.ts';

const maxAtOnce = 64;
/** Longer than an attempt, so that no delivery is claimed twice while its instance runs. */
const leaseSeconds = 60;

export interface WebhookWorkerDependencies {
  /** Returns a new unit of work. */
  unit(): WebhookDeps;
  /** Attempts at once for one webhook. */
  maxForOne: number;
  /** The pause between two queries while nothing is due. */
  pollMs: number;
  metrics: Pick<Metrics, 'webhookDelivery'>;
  trace: Pick<Trace, 'root'>;
  report(error: unknown, delivery: { deliveryId: string; webhookId: string } | null): void;
}

export class WebhookWorker {
  readonly #deps: WebhookWorkerDependencies;
  readonly #stopping = new AbortController();
  /** The attempts that are running, by webhook. */
  readonly #running = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  #loop: Promise<void> = Promise.resolve();

  constructor(deps: WebhookWorkerDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends the running attempts, which takes a few seconds. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isBusy = await this.#round();
      // Rejects when it is woken to stop.
      if (!isBusy) await sleep(this.#deps.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns whether more events wait */
  async #round(): Promise<boolean> {
    const { unit, report } = this.#deps;
    try {
      const isMore = await fanOut(unit());
      await this.#startDue();
      return isMore;
    } catch (error) {
      // The database is unavailable: events and deliveries stay where they are.
      report(error, null);
      return false;
    }
  }

  async #startDue(): Promise<void> {
    const { unit, maxForOne } = this.#deps;
    const free = maxAtOnce - this.#underWay.size;
    if (free <= 0) return;
    const { em, clock } = unit();
    const now = clock.now();
    const leaseUntil = secondsAfter(now, leaseSeconds);
    const due = await claimDeliveries(em, { now, leaseUntil, running: this.#running, maxForOne, free });
    for (const delivery of due) this.#start(delivery);
  }

  #start(delivery: ClaimedDelivery): void {
    const { trace, report } = this.#deps;
    const { id: deliveryId, webhookId } = delivery;
    this.#count(webhookId, 1);
    const attempt = trace
      .root('webhook delivery', () => this.#deliver(delivery))
      // The lease expires, and the delivery is tried again.
      .catch((error: unknown) => report(error, { deliveryId, webhookId }))
      .finally(() => {
        this.#underWay.delete(attempt);
        this.#count(webhookId, -1);
      });
    this.#underWay.add(attempt);
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const unit = this.#deps.unit();
    const answer = await sendDelivery(unit, delivery);
    this.#deps.metrics.webhookDelivery(await settle(unit, delivery, answer));
  }

  #count(webhookId: string, change: 1 | -1): void {
    const attempts = (this.#running.get(webhookId) ?? 0) + change;
    if (attempts > 0) this.#running.set(webhookId, attempts);
    else this.#running.delete(webhookId);
  }
}
