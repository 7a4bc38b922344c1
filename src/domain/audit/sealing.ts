/**
 * Seals the audit trail behind the requests: gives each entry its number and its hash, and signs what the chain has come
 * to. Of many instances one seals at a time (an advisory lock); what one leaves undone another takes up.
 *
 * No entry may be skipped, and neither ids nor times tell in which order transactions commit: one that began long ago
 * may commit last. So every entry carries its transaction's number, and a batch takes those before the horizon, behind
 * which every transaction has ended. What a batch has taken in, no later commit can add to.
 */
import type { Logger } from '../../logger.ts';
import type { Metrics } from '../../metrics.ts';
import {
  type EntryRow,
  endOfChunk,
  findLoose,
  findUnsealed,
  insertSeals,
  readSnapshot,
  type Snapshot,
  tryLockChain,
} from '../../persistence/audit/audit-chain.ts';
import {
  type CheckpointRow,
  findAnchor,
  findCheckpoints,
  findLastCheckpoint,
  insertCheckpoint,
  removeUpTo,
} from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { chainHash, genesisHash, signAnchor, signCheckpoint } from '../../security/audit-chain.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { type Clock, secondsAfter } from '../clock.ts';
import { type SigningAuditKey, takeAuditKey } from './keys.ts';
import { sealedFormOf } from './link.ts';

const batchSize = 500;
/** An instance whose clock is further from the database's leaves sealing to the others. */
const maxSkewSeconds = 5;
/** About as many entries go at once by retention. */
const removalSize = 1000;
const firstId = '00000000-0000-0000-0000-000000000000';
/** Of a checkpoint in the middle of a sweep: the next batch must sweep as well. */
const sweeping = { horizon: '0', clusterId: '' };

export interface AuditSealingDependencies {
  /** A fresh unit of work. */
  fork(): EntityManager;
  clock: Clock;
  /** How far this machine's clock is ahead of the database's. */
  skewSeconds(): number;
  sealer: Sealer;
  logger: Logger;
  metrics: Pick<Metrics, 'auditTrailWentBack'>;
  retentionSeconds: number;
}

/** What a batch came to. */
interface Batch {
  sealed: number;
  /** Whether there is more to do at once. */
  more: boolean;
  /** Where the sweep continues. */
  sweptUntil?: string | undefined;
}

const nothing: Batch = { sealed: 0, more: false };

/** Where a sweep is: everything that was there when it began is looked at once. */
interface Sweep {
  afterId: string;
  begun: Snapshot;
}

export class AuditSealing {
  readonly #deps: AuditSealingDependencies;
  #key: SigningAuditKey | null = null;
  /** What this process saw last: the chain never gets shorter. */
  #last: Pick<CheckpointRow, 'number' | 'hash'> | null = null;
  /** A moment, and the transaction that came next then. */
  #earlier: { next: bigint; at: Date } | null = null;

  constructor(deps: AuditSealingDependencies) {
    this.#deps = deps;
  }

  /**
   * Seals what is there, in batches.
   * @returns how many entries; 0 also while another instance seals, and while this machine's clock is wrong
   */
  async seal(): Promise<number> {
    if (Math.abs(this.#deps.skewSeconds()) > maxSkewSeconds) return 0;
    let total = 0;
    let sweep: Sweep | null = null;
    for (;;) {
      const begun: Sweep = sweep ?? { afterId: firstId, begun: await readSnapshot(this.#deps.fork()) };
      const batch: Batch = await this.#holdingTheChain((tx) => this.#sealBatch(tx, begun), nothing);
      total += batch.sealed;
      if (!batch.more) return total;
      sweep = batch.sweptUntil === undefined ? null : { ...begun, afterId: batch.sweptUntil };
    }
  }

  /** Removes what is older than AUDIT_RETENTION, behind a signed anchor. @returns how many entries went */
  async removeOutdated(): Promise<number> {
    let total = 0;
    for (;;) {
      const gone = await this.#holdingTheChain((tx) => this.#removeBatch(tx), null);
      if (gone === null) return total;
      total += gone;
    }
  }

  /** @param otherwise the result when another instance holds the lock */
  async #holdingTheChain<T>(work: (tx: EntityManager) => Promise<T>, otherwise: T): Promise<T> {
    const last = this.#last;
    try {
      return await this.#deps.fork().transactional(async (tx) => ((await tryLockChain(tx)) ? work(tx) : otherwise));
    } catch (error) {
      // What was written was taken back, a new key included.
      this.#key = null;
      this.#last = last;
      throw error;
    }
  }

  async #sealBatch(tx: EntityManager, sweep: Sweep): Promise<Batch> {
    // Read before the entries: of what began to write before this horizon, everything is visible to them.
    const snapshot = await readSnapshot(tx);
    const last = await findLastCheckpoint(tx);
    this.#compare(last);
    // Another database server (a restored dump), or none yet: its numbers say nothing about the entries that are here.
    if (last === null || last.clusterId !== snapshot.clusterId) return this.#sweepBatch(tx, last, sweep);
    const range = { from: last.horizon, horizon: snapshot.horizon, limit: batchSize };
    const entries = await findUnsealed(tx, range);
    const full = entries.length === batchSize;
    if (entries.length === 0) {
      this.#notice(snapshot);
      return nothing;
    }
    // Of a full batch, the last transaction may have more.
    const horizon = full ? (entries.at(-1)?.insertedBy ?? last.horizon) : snapshot.horizon;
    const completeUntil = full ? last.completeUntil : this.#completeUntil(snapshot, last);
    await this.#append(tx, last, entries, { horizon, clusterId: snapshot.clusterId, completeUntil });
    if (!full) this.#notice(snapshot);
    return { sealed: entries.length, more: full };
  }

  /** Looks at every entry, whichever transaction it says it is of. What comes meanwhile is of later transactions. */
  async #sweepBatch(tx: EntityManager, last: CheckpointRow | null, { afterId, begun }: Sweep): Promise<Batch> {
    const until = await endOfChunk(tx, afterId, batchSize);
    const entries = await findLoose(tx, afterId, until);
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
    let sequence = last?.sequence ?? 0;
    let hash = last?.hash ?? genesisHash;
    const seals = entries.map((entry) => {
      sequence += 1;
      hash = chainHash(hash, sequence, sealedFormOf(entry));
      return { sequence, entryId: entry.id, hash };
    });
    this.#key ??= await takeAuditKey(tx, this.#deps.sealer, now);
    const { kid, privateKey } = this.#key;
    const { completeUntil } = place;
    const signed = { number: (last?.number ?? 0) + 1, sequence, hash, signedAt: now.toISOString(), completeUntil, kid };
    const checkpoint = { ...signed, signature: signCheckpoint(privateKey, signed) };
    if (seals.length > 0) await insertSeals(tx, seals);
    await insertCheckpoint(tx, { ...checkpoint, ...place });
    await tx.flush();
    this.#last = checkpoint;
    // A log that is stored elsewhere keeps the checkpoint for comparison with an altered database.
    this.#deps.logger.info({ checkpoint }, 'audit trail sealed');
  }

  /** Everything that a transaction had begun to write when `at` was noticed has ended by this horizon. */
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
      // Its key may be another, too.
      this.#key = null;
    }
    this.#last = last;
  }

  /** @returns null when nothing is outdated */
  async #removeBatch(tx: EntityManager): Promise<number | null> {
    const now = this.#deps.clock.now();
    const before = secondsAfter(now, -this.#deps.retentionSeconds);
    const anchor = await findAnchor(tx);
    const candidates = await findCheckpoints(tx, anchor?.number ?? 0, 100);
    // The newest one stays: the chain continues after it. Entries of a checkpoint occurred before it was signed.
    const outdated = candidates.slice(0, -1).filter(({ signedAt }) => new Date(signedAt) < before);
    const begin = anchor?.sequence ?? 0;
    const target = outdated.findLast(({ sequence }) => sequence - begin <= removalSize) ?? outdated[0];
    if (!target) return null;
    this.#key ??= await takeAuditKey(tx, this.#deps.sealer, now);
    const { kid, privateKey } = this.#key;
    const { number, sequence, hash } = target;
    const removedBefore = before.toISOString();
    const signed = { number, sequence, hash, signedAt: now.toISOString(), removedBefore, kid };
    return removeUpTo(tx, { ...signed, signature: signAnchor(privateKey, signed) });
  }
}

function later(a: string, b: string | null): string {
  return b !== null && b > a ? b : a;
}
