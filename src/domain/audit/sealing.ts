/**
 * Seals the audit trail in the background: gives each entry its number and its hash, and signs the state of the chain. One
 * instance seals at a time (advisory lock); another one continues unfinished work.
 *
 * No entry may be skipped, and neither ids nor times show the order of commits: a long transaction commits last. So every
 * entry carries the number of its transaction, and a batch takes the entries before the horizon: all transactions before
 * it have ended, so no later commit adds an entry there.
 */

import type { Logger } from '../../logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import {
  type EntryRow,
  endOfChunk,
  findUnsealed,
  findUnsealedBetween,
  insertSeals,
  readSnapshot,
  type Snapshot,
  tryLockChain,
} from '../../persistence/audit/audit-chain.ts';
import { type CheckpointRow, findLastCheckpoint, insertCheckpoint } from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { signCheckpoint } from '../../security/audit-chain.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { type Clock, secondsAfter } from '../clock.ts';
import { lowestId } from '../ids.ts';
import { countNewSeals } from './activity.ts';
import { type SigningAuditKey, takeAuditKey } from './keys.ts';
import { removeOutdated } from './retention.ts';
import { sealsOf } from './seals.ts';

const batchSize = 500;
/** An instance whose clock differs more from the database's does not seal; the other instances do. */
const maxSkewSeconds = 5;
/** The place of a checkpoint within a sweep: the next batch continues the sweep. */
const sweeping = { horizon: '0', clusterId: '' };

export interface AuditSealingDependencies {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  clock: Clock;
  /** How far this machine's clock is ahead of the database's. */
  skewSeconds(): number;
  /** Whether another database server has replaced this one: entries here would form a second trail. */
  isReplaced(position: { clusterId: string; timeline: number }): boolean;
  sealer: Sealer;
  logger: Logger;
  metrics: Pick<Metrics, 'auditTrailWentBack'>;
  retentionSeconds: number;
  /** With the deadlines of background jobs. */
  forkMaintenance(): EntityManager;
  /** Whether retention drops partitions. */
  partitions: boolean;
}

/** The result of a batch. */
interface Batch {
  sealed: number;
  /** Whether another batch follows at once. */
  more: boolean;
  /** Where the sweep continues. */
  sweptUntil?: string | undefined;
}

const nothing: Batch = { sealed: 0, more: false };

/** The progress of a sweep, which checks once every entry that existed at its begin. */
interface Sweep {
  afterId: string;
  begun: Snapshot;
}

export class AuditSealing {
  readonly #deps: AuditSealingDependencies;
  #key: SigningAuditKey | null = null;
  /** The last state that this process saw: the chain never gets shorter. */
  #last: Pick<CheckpointRow, 'number' | 'hash'> | null = null;
  /** A time, and the next transaction id at that time. */
  #earlier: { next: bigint; at: Date } | null = null;

  constructor(deps: AuditSealingDependencies) {
    this.#deps = deps;
  }

  /**
   * Seals all unsealed entries, in batches.
   * @returns the number of sealed entries; 0 also while another instance seals, while this machine's clock is wrong, and on
   * a database server that another one has replaced
   */
  async seal(): Promise<number> {
    if (Math.abs(this.#deps.skewSeconds()) > maxSkewSeconds) return 0;
    let total = 0;
    let sweep: Sweep | null = null;
    for (;;) {
      const begun: Sweep = sweep ?? { afterId: lowestId, begun: await readSnapshot(this.#deps.fork()) };
      const batch: Batch = await this.#holdingTheChain((tx) => this.#sealBatch(tx, begun), nothing);
      total += batch.sealed;
      if (!batch.more) return total;
      sweep = batch.sweptUntil === undefined ? null : { ...begun, afterId: batch.sweptUntil };
    }
  }

  /** Removes the entries past AUDIT_RETENTION. @returns the number of removed entries */
  removeOutdated(): Promise<number> {
    const { clock, retentionSeconds, partitions, forkMaintenance } = this.#deps;
    const now = clock.now();
    return removeOutdated({
      now,
      before: secondsAfter(now, -retentionSeconds),
      seconds: retentionSeconds,
      partitions,
      fork: forkMaintenance,
      takeKey: (tx) => takeAuditKey(tx, this.#deps.sealer, now),
      holdingTheChain: <T>(work: (tx: EntityManager) => Promise<T>) => this.#holdingTheChain<T | null>(work, null),
    });
  }

  /** @param otherwise the result when another instance holds the lock */
  async #holdingTheChain<T>(work: (tx: EntityManager) => Promise<T>, otherwise: T): Promise<T> {
    const last = this.#last;
    try {
      return await this.#deps.fork().transactional(async (tx) => ((await tryLockChain(tx)) ? work(tx) : otherwise));
    } catch (error) {
      // The transaction was rolled back, including a new key.
      this.#key = null;
      this.#last = last;
      throw error;
    }
  }

  async #sealBatch(tx: EntityManager, sweep: Sweep): Promise<Batch> {
    // Read before the entries: every entry of a transaction before the horizon is then visible.
    const snapshot = await readSnapshot(tx);
    if (this.#deps.isReplaced(snapshot)) return nothing;
    const last = await findLastCheckpoint(tx);
    this.#compare(last);
    // The first batch, or another database server (a restored dump): numbers of transactions cannot be compared.
    if (last === null || last.clusterId !== snapshot.clusterId) return this.#sweepBatch(tx, last, sweep);
    const range = { from: last.horizon, horizon: snapshot.horizon, limit: batchSize };
    const entries = await findUnsealed(tx, range);
    const full = entries.length === batchSize;
    if (entries.length === 0) {
      this.#notice(snapshot);
      return nothing;
    }
    // The last transaction of a full batch may have further entries.
    const horizon = full ? (entries.at(-1)?.insertedBy ?? last.horizon) : snapshot.horizon;
    const completeUntil = full ? last.completeUntil : this.#completeUntil(snapshot, last);
    await this.#append(tx, last, entries, { horizon, clusterId: snapshot.clusterId, completeUntil });
    if (!full) this.#notice(snapshot);
    return { sealed: entries.length, more: full };
  }

  /** Checks every entry, whatever transaction it names. Entries that are added meanwhile belong to later transactions. */
  async #sweepBatch(tx: EntityManager, last: CheckpointRow | null, { afterId, begun }: Sweep): Promise<Batch> {
    const until = await endOfChunk(tx, afterId, batchSize);
    const entries = await findUnsealedBetween(tx, afterId, until);
    const done = until === null;
    if (last === null && entries.length === 0 && done) return nothing;
    const place = done ? { horizon: begun.horizon, clusterId: begun.clusterId } : sweeping;
    if (done || entries.length > 0) {
      await this.#append(tx, last, entries, { ...place, completeUntil: last?.completeUntil ?? null });
    }
    return { sealed: entries.length, more: true, sweptUntil: until ?? undefined };
  }

  async #append(
    tx: EntityManager,
    last: CheckpointRow | null,
    entries: readonly EntryRow[],
    place: Pick<CheckpointRow, 'horizon' | 'clusterId' | 'completeUntil'>,
  ): Promise<void> {
    const now = this.#deps.clock.now();
    const { seals, sequence, hash } = sealsOf(last, entries);
    const { kid, privateKey } = await this.#takeKey(tx, now);
    const { completeUntil } = place;
    const signed = { number: (last?.number ?? 0) + 1, sequence, hash, signedAt: now.toISOString(), completeUntil, kid };
    const checkpoint = { ...signed, signature: signCheckpoint(privateKey, signed) };
    if (seals.length > 0) {
      await insertSeals(tx, seals);
      await countNewSeals(tx, sequence);
    }
    await insertCheckpoint(tx, { ...checkpoint, ...place });
    await tx.flush();
    this.#last = checkpoint;
    // A log that is stored elsewhere keeps the checkpoint for comparison with an altered database.
    this.#deps.logger.info({ checkpoint }, 'audit trail sealed');
  }

  /** All transactions that ran at the noticed time have ended when the horizon passes its transaction id. */
  #completeUntil({ horizon }: Snapshot, last: CheckpointRow): string | null {
    const isOver = this.#earlier !== null && this.#earlier.next <= BigInt(horizon);
    return isOver && this.#earlier ? later(this.#earlier.at.toISOString(), last.completeUntil) : last.completeUntil;
  }

  #notice({ next }: Snapshot): void {
    this.#earlier = { next: BigInt(next), at: this.#deps.clock.now() };
  }

  /** Detects a restored backup and a removed end. Only the operator can tell them apart. */
  #compare(last: CheckpointRow | null): void {
    const seen = this.#last;
    const isBehind = seen !== null && (last === null || last.number < seen.number);
    const isOther = seen !== null && last?.number === seen.number && last.hash !== seen.hash;
    if (isBehind || isOther) {
      this.#deps.metrics.auditTrailWentBack();
      const [was, is] = [seen.number, last?.number ?? 0];
      this.#deps.logger.error({ was, is }, 'the audit trail differs from the state that this process sealed');
      // The restored trail may have another key.
      this.#key = null;
    }
    this.#last = last;
  }

  async #takeKey(tx: EntityManager, now: Date): Promise<SigningAuditKey> {
    this.#key ??= await takeAuditKey(tx, this.#deps.sealer, now);
    return this.#key;
  }
}

function later(a: string, b: string | null): string {
  return b !== null && b > a ? b : a;
}
