/**
 * Sends what the outbox holds. Instances share the work; a mail whose worker dies is claimed again. Nothing here is
 * ever waited for by a request.
 */
import type { Metrics } from '../metrics.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { type ClaimedMail, claimDueMails, markFailed, markSent } from '../persistence/queries/outbox.ts';
import type { Mail } from './mail.ts';
import type { RenderedMail } from './templates.ts';
import type { MailTransport } from './transport.ts';

const pollMs = 1000;
const batchSize = 10;
/** Longer than a delivery may take (transport.ts), so that no mail is claimed twice while its worker lives. */
const claimSeconds = 120;
const maxAttempts = 10;
const firstRetrySeconds = 15;
const longestRetrySeconds = 3600;

export interface OutboxWorkerDependencies {
  /** A fresh unit of work. */
  fork(): EntityManager;
  now(): Date;
  unseal(sealed: Buffer, associatedData: string): Buffer;
  render(mail: Mail): RenderedMail;
  transport: MailTransport;
  metrics: Pick<Metrics, 'mail'>;
  /** @param problem a code, never the mail's content */
  report(problem: { mailId?: string; kind?: string; problem: string; final: boolean }): void;
}

export class OutboxWorker {
  readonly #deps: OutboxWorkerDependencies;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();

  constructor(deps: OutboxWorkerDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#round = this.#deliverDue().finally(() => {
        if (this.#timer) this.start();
      });
    }, pollMs);
  }

  /** Sends what is due once more, and ends. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#round;
    await this.#deliverDue();
    this.#deps.transport.close();
  }

  async #deliverDue(): Promise<void> {
    try {
      for (;;) {
        const now = this.#deps.now();
        const claim = { now, until: new Date(now.getTime() + claimSeconds * 1000), limit: batchSize };
        const mails = await claimDueMails(this.#deps.fork(), claim);
        await Promise.all(mails.map((mail) => this.#deliver(mail)));
        if (mails.length < batchSize) return;
      }
    } catch (error) {
      // The database is away: the mails stay where they are until it is back.
      this.#deps.report({ problem: problemCode(error), final: false });
    }
  }

  async #deliver(claimed: ClaimedMail): Promise<void> {
    const { fork, now, unseal, render, transport, metrics, report } = this.#deps;
    try {
      const mail: Mail = JSON.parse(unseal(claimed.contentSealed, claimed.id).toString());
      await transport.send({ ...render(mail), id: claimed.id, to: mail.to });
    } catch (error) {
      const final = claimed.attempts >= maxAttempts;
      const delaySeconds = Math.min(firstRetrySeconds * 2 ** (claimed.attempts - 1), longestRetrySeconds);
      const nextAttemptAt = final ? null : new Date(now().getTime() + delaySeconds * 1000);
      metrics.mail(final ? 'dead' : 'failed');
      report({ mailId: claimed.id, problem: problemCode(error), final });
      await markFailed(fork(), { id: claimed.id, error: problemCode(error), nextAttemptAt });
      return;
    }
    metrics.mail('sent');
    await markSent(fork(), claimed.id, now());
  }
}

/** An error's code or name: its text may quote the mail, or the mail server's credentials. */
function problemCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const reply = 'responseCode' in error && typeof error.responseCode === 'number' ? ` ${error.responseCode}` : '';
  return `${code}${reply}`.slice(0, 64);
}
