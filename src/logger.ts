/** Structured logs (JSON lines on stdout) from an allow-list of fields: callers name what they log, objects are never dumped. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

interface RequestScope {
  requestId: string;
  /** null: the request is not traced. */
  traceId: string | null;
  errorCodes: Set<string>;
}

/** The request that is being served: log records carry its ids, errors its id, and the request's record the codes of its errors. */
export const requestScope = new AsyncLocalStorage<RequestScope>();

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** @param destination standard output, unless said otherwise */
export function createLogger(level: LogLevel, destination: DestinationStream = pino.destination(1)): Logger {
  const mixin = () => {
    const scope = requestScope.getStore();
    if (scope === undefined) return {};
    const { requestId, traceId } = scope;
    return traceId === null ? { requestId } : { requestId, traceId };
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, mixin }, destination);
}

/**
 * What is safe to log of an error we did not expect. Not its message: a database's quotes the row, a parser's the input.
 * The advice of our own errors is fixed text.
 */
export function describeError(error: unknown): { error: string; code?: string; advice?: string; at?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const advice = 'advice' in error && typeof error.advice === 'string' ? { advice: error.advice } : {};
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return { error: error.name, ...code, ...advice, at: frames.slice(0, 8).map((line) => line.trim()) };
}
