/** How code measures its work for traces. app/tracing.ts implements it; without an exporter, the work only runs. */

export type SpanAttributes = Readonly<Record<string, string | number>>;

/** What is known about a span when its work has ended. */
export interface SpanResult {
  /** Replaces the name that the span began with. */
  name?: string;
  attributes: SpanAttributes;
}

/** Names and attributes are fixed words and numbers, never input: exporters send them to another system. */
export interface Trace {
  /** Runs the work as a span of the current trace, where that is recorded. */
  span<Result>(
    name: string | (() => string),
    work: () => Promise<Result>,
    describe?: (result: Result) => SpanResult,
  ): Promise<Result>;
  /** Runs the work as the first span of a new trace. */
  root<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** @returns the function, which will belong to the current trace whenever it is called */
  bind(work: () => void): () => void;
}

export const untraced: Trace = {
  span: (_name, work) => work(),
  root: (_name, work) => work(),
  bind: (work) => work,
};

/** The headers of a request; those of W3C Trace Context are read. */
export type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The span of a request. It lasts until the response is sent. */
export interface RequestSpan {
  /** null: the trace is not recorded. */
  traceId: string | null;
  /** Spans that the work begins, now or later, belong to the request. */
  run(work: () => void): void;
  end(describe: () => SpanAttributes): void;
}

export interface Tracing extends Trace {
  /** @param parent headers of a trusted peer; null: a new trace begins */
  request(name: string, parent: TraceHeaders | null): RequestSpan;
}
