/** Traces by the API of OpenTelemetry: the spans of requests and of the work that they do. */
import {
  type Context,
  context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { RequestSpan, SpanResult, TraceHeaders, Tracing } from '../trace.ts';
import { version } from '../version.ts';

/** W3C Trace Context, version 00. */
const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const maxTracestateLength = 512;
/** Codes of errors: of Postern, of Node.js, and SQLSTATE. */
const codePattern = /^[A-Z0-9_]{1,40}$/;

/** A request that is not recorded. It does not belong to an earlier request of its connection either. */
const unrecorded: RequestSpan = {
  traceId: null,
  run: (work) => context.with(ROOT_CONTEXT, work),
  end: () => undefined,
};

/** @param recordsNew decides whether a new trace is recorded: a trace that is not costs no span, no id and no attribute */
export function createTracing(recordsNew: () => boolean): Tracing {
  const tracer = trace.getTracer('postern', version);
  return {
    span(name, work, describe) {
      const active = context.active();
      if (trace.getSpan(active)?.isRecording() !== true) return work();
      const span = tracer.startSpan(typeof name === 'string' ? name : name(), {}, active);
      return runIn(active, span, work, describe);
    },
    root: (name, work) => (recordsNew() ? runIn(ROOT_CONTEXT, tracer.startSpan(name, { root: true }), work) : work()),
    bind: (work) => context.bind(context.active(), work),
    request(name, headers) {
      const parent = headers === null ? ROOT_CONTEXT : contextOf(headers);
      return parent === ROOT_CONTEXT && !recordsNew() ? unrecorded : startRequest(tracer, name, parent);
    },
  };
}

async function runIn<Result>(
  parent: Context,
  span: Span,
  work: () => Promise<Result>,
  describe?: (result: Result) => SpanResult,
): Promise<Result> {
  try {
    const result = await context.with(trace.setSpan(parent, span), work);
    if (describe) note(span, describe(result));
    return result;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

function note(span: Span, { name, attributes }: SpanResult): void {
  if (name !== undefined) span.updateName(name);
  span.setAttributes(attributes);
}

function startRequest(tracer: Tracer, name: string, parent: Context): RequestSpan {
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
  if (!span.isRecording()) return unrecorded;
  const current = trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    run: (work) => context.with(current, work),
    end: (describe) => span.setAttributes(describe()).end(),
  };
}

/** Malformed headers are ignored: a new trace begins. */
function contextOf({ traceparent, tracestate }: TraceHeaders): Context {
  const [, traceId = '', spanId = '', flags = ''] = traceparentPattern.exec(String(traceparent)) ?? [];
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  if (!isSpanContextValid(parent)) return ROOT_CONTEXT;
  const state = typeof tracestate === 'string' && tracestate.length <= maxTracestateLength ? tracestate : '';
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceState: createTraceState(state) });
}

/** Never the message: it may quote a value. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' && codePattern.test(error.code) ? error.code : error.name;
}
