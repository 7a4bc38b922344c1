/** Holds ended spans until they are exported. It is bounded: a collector that fails costs spans, never memory or time. */
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';

const maxWaiting = 2048;
const batchSize = 512;
const exportEveryMs = 1000;
/** Longer than the exporter's own deadline. */
const maxExportMs = 10_000;
const maxFlushMs = 2000;
const sampledFlag = 1;

export interface SpanQueueOptions {
  exporter: Pick<SpanExporter, 'export' | 'shutdown'>;
  /** Spans were not exported: the queue was full, or the collector failed. */
  dropped(count: number): void;
}

export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions;
  #waiting: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | null = null;
  #exporting: Promise<void> | null = null;

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & sampledFlag) === 0) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#options.dropped(1);
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= batchSize) this.#startExport();
    else this.#timer ??= setTimeout(() => this.#startExport(), exportEveryMs).unref();
  }

  /** Exports what waits, for a limited time; the rest is dropped. */
  async forceFlush(): Promise<void> {
    const deadline = after(maxFlushMs);
    while (this.#exporting !== null || this.#waiting.length > 0) {
      this.#startExport();
      if ((await Promise.race([this.#exporting, deadline.reached])) === 'late') break;
    }
    deadline.clear();
    this.#options.dropped(this.#waiting.splice(0).length);
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#options.exporter.shutdown();
  }

  /** One batch at a time. */
  #startExport(): void {
    if (this.#exporting !== null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#exporting = this.#export(this.#waiting.splice(0, batchSize)).finally(() => {
      this.#exporting = null;
      if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#startExport(), exportEveryMs).unref();
    });
  }

  async #export(batch: ReadableSpan[]): Promise<void> {
    const deadline = after(maxExportMs);
    const exported = new Promise<boolean>((resolve) => {
      this.#options.exporter.export(batch, ({ code }) => resolve(code === 0));
    });
    const isExported = (await Promise.race([exported, deadline.reached])) === true;
    deadline.clear();
    if (!isExported) this.#options.dropped(batch.length);
  }
}

function after(ms: number): { reached: Promise<'late'>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), ms);
  return { reached: promise, clear: () => clearTimeout(timer) };
}
