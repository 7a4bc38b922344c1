/** Starts the export of traces. The SDK of OpenTelemetry is optional, and loaded only when an endpoint is configured. */
import { randomUUID } from 'node:crypto';
import { type Context, context, ProxyTracerProvider, trace } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { ConfigError } from '../config/error.ts';
import type { SamplerName, TelemetryConfig } from '../config/telemetry.ts';
import type { Logger } from '../logger.ts';
import type { Tracing } from '../trace.ts';
import { version } from '../version.ts';
import { SpanQueue } from './span-queue.ts';
import { createTracing } from './tracing.ts';

export interface Telemetry {
  /** null: nothing is traced. */
  tracing: Tracing | null;
  /** Spans that were not exported, since the start. */
  droppedSpans(): number;
  /** Exports the last spans, for at most two seconds. */
  stop(): Promise<void>;
}

const exportTimeoutMs = 5000;
const reportEveryMs = 60_000;
const packages = [
  '@opentelemetry/sdk-trace@3.1.1',
  '@opentelemetry/exporter-trace-otlp-proto@0.301.1',
  '@opentelemetry/context-async-hooks@3.1.1',
  '@opentelemetry/core@3.1.1',
  '@opentelemetry/resources@3.1.1',
];

/** @throws ConfigError when the packages of the SDK are missing */
export async function startTelemetry(config: TelemetryConfig, logger: Logger): Promise<Telemetry> {
  const none = { tracing: null, droppedSpans: () => 0, stop: async () => undefined };
  if (config.disabled) return none;
  // A module that the operator preloaded has registered a provider: it decides where spans go.
  if (hasProvider()) return { ...none, tracing: createTracing(() => true) };
  if (config.endpoint === null) return none;
  return startSdk(config, config.endpoint, logger);
}

function hasProvider(): boolean {
  const provider = trace.getTracerProvider();
  const nothing = new ProxyTracerProvider().getDelegate();
  return provider instanceof ProxyTracerProvider ? provider.getDelegate() !== nothing : provider !== nothing;
}

async function startSdk(config: TelemetryConfig, endpoint: string, logger: Logger): Promise<Telemetry> {
  const sdk = await loadSdk();
  const exporter = new sdk.OTLPTraceExporter({
    url: endpoint,
    headers: { ...config.headers },
    timeoutMillis: exportTimeoutMs,
  });
  const drops = countDrops(logger);
  const provider = new sdk.TracerProvider({
    sampler: samplerOf(sdk, config),
    resource: sdk.resourceFromAttributes(resourceOf(config)),
    spanProcessors: [new SpanQueue({ exporter, dropped: drops.add })],
  });
  context.setGlobalContextManager(new sdk.AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(provider);
  return {
    tracing: createTracing(recordsNew(config)),
    droppedSpans: drops.total,
    async stop() {
      trace.disable();
      context.disable();
      await provider.shutdown();
    },
  };
}

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

async function loadSdk() {
  try {
    const [traces, exporter, contexts, resources] = await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
    ]);
    return { ...traces, ...exporter, ...contexts, ...resources };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing) throw error;
    throw new ConfigError([
      `OTEL_EXPORTER_OTLP_ENDPOINT: requires packages that are not installed; run "npm install ${packages.join(' ')}" beside Postern, or remove the setting`,
    ]);
  }
}

/** Decides on traces that begin here. */
function recordsNew({ sampler, ratio }: TelemetryConfig): () => boolean {
  const share = sampler.endsWith('always_on') ? 1 : sampler.endsWith('always_off') ? 0 : ratio;
  return () => Math.random() < share;
}

/** Decides on traces of proxies; `recordsNew` has decided on the others. */
function samplerOf(sdk: Sdk, { sampler, ratio }: TelemetryConfig) {
  return sampler.startsWith('parentbased_')
    ? new sdk.ParentBasedSampler({ root: new sdk.AlwaysOnSampler() })
    : continuedSamplerOf(sdk, sampler, ratio);
}

/** Of a continued trace, `traceidratio` decides by the id, so that all services decide alike. */
function continuedSamplerOf(sdk: Sdk, sampler: SamplerName, ratio: number): Sampler {
  if (sampler === 'always_off') return new sdk.AlwaysOffSampler();
  const [always, byId] = [new sdk.AlwaysOnSampler(), new sdk.TraceIdRatioBasedSampler(ratio)];
  const isContinued = (parent: Context) => trace.getSpanContext(parent)?.isRemote === true;
  return {
    shouldSample: (parent, traceId) =>
      sampler === 'traceidratio' && isContinued(parent) ? byId.shouldSample(parent, traceId) : always.shouldSample(),
    toString: () => sampler,
  };
}

function resourceOf({ serviceName, resourceAttributes }: TelemetryConfig) {
  return {
    'service.version': version,
    'service.instance.id': randomUUID(),
    ...resourceAttributes,
    'service.name': serviceName ?? resourceAttributes['service.name'] ?? 'postern',
  };
}

/** One log line a minute, however many spans are dropped. */
function countDrops(logger: Logger): { add(count: number): void; total(): number } {
  let total = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  return {
    total: () => total,
    add(count) {
      total += count;
      if (count === 0 || performance.now() < reportedAt + reportEveryMs) return;
      reportedAt = performance.now();
      logger.warn(
        { dropped: total },
        'spans could not be exported: check OTEL_EXPORTER_OTLP_ENDPOINT and its collector',
      );
    },
  };
}
