/**
 * The only HTTP client of the server for calls to other servers. It follows no redirect, keeps no cookie, uses no proxy
 * and decompresses nothing. SMTP, PostgreSQL and Redis have clients of their own.
 */
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Trace } from '../trace.ts';
import { type OutboundSettings, outboundProblem, targetOf } from './address-rules.ts';
import { Circuits } from './circuits.ts';
import { OutboundRefused, OutboundTooLarge, OutboundUnavailable } from './errors.ts';
import { exchange } from './exchange.ts';

/** Why the server calls another one. The value of a metric label. */
export type OutboundPurpose =
  | 'breach_check'
  | 'captcha'
  | 'hook'
  | 'identity_provider'
  | 'public_url'
  | 'sms'
  | 'webhook';

export type OutboundOutcome = 'answered' | 'refused' | 'unavailable' | 'too_large';

export interface OutboundRequest {
  purpose: OutboundPurpose;
  method?: string;
  headers?: Headers | Readonly<Record<string, string>>;
  body?: string | Uint8Array | null;
  /** At most 5000. */
  totalMs?: number;
  /** 256 kB by default. */
  maxAnswerBytes?: number;
  /** Whether an answer of more bytes is cut there; otherwise it is an OutboundTooLarge. */
  cutsAnswer?: boolean;
}

export interface Outbound {
  /** @throws OutboundRefused, OutboundUnavailable, OutboundTooLarge; every status of HTTP is an answer, also a redirect */
  fetch(url: string, request: OutboundRequest): Promise<Response>;
  /** @returns why the server may not call an address, as far as it is known without a call; null: it may */
  problem(url: string): string | null;
}

export interface OutboundOptions {
  settings: OutboundSettings;
  nowMs(): number;
  metrics: Pick<Metrics, 'outbound'>;
  trace: Trace;
  logger: Pick<Logger, 'debug' | 'warn'>;
}

const maxTotalMs = 5000;
const defaultAnswerBytes = 256_000;

export function createOutbound({ settings, nowMs, metrics, trace, logger }: OutboundOptions): Outbound {
  const circuits = new Circuits(nowMs);
  const record = (purpose: OutboundPurpose, host: string, outcome: OutboundOutcome) => {
    metrics.outbound(purpose, outcome);
    const level = outcome === 'answered' ? 'debug' : 'warn';
    logger[level]({ purpose, host, outcome }, 'called another server');
  };
  return {
    problem: (url) => outboundProblem(settings, url),
    async fetch(url, request) {
      const host = hostOf(url);
      try {
        const response = await trace.span(
          `outbound ${request.purpose}`,
          () => call(settings, circuits, url, request),
          ({ status }) => ({ attributes: { 'http.response.status_code': status } }),
        );
        record(request.purpose, host, 'answered');
        return response;
      } catch (error) {
        record(request.purpose, host, outcomeOf(error));
        throw error;
      }
    },
  };
}

async function call(
  settings: OutboundSettings,
  circuits: Circuits,
  url: string,
  { method = 'GET', headers, body = null, ...options }: OutboundRequest,
): Promise<Response> {
  const { totalMs = maxTotalMs, maxAnswerBytes = defaultAnswerBytes, cutsAnswer = false } = options;
  const target = targetOf(settings, url);
  const { host } = target.url;
  if (circuits.isOpen(host))
    throw new OutboundUnavailable('the server failed repeatedly and is not called for a while');
  const sent = new Headers(headers instanceof Headers ? headers : { ...headers });
  sent.set('accept-encoding', 'identity');
  try {
    const limits = { totalMs: Math.min(totalMs, maxTotalMs), maxAnswerBytes, cutsAnswer };
    const response = await exchange(target, { method, headers: sent, body }, limits);
    circuits.succeeded(host);
    return response;
  } catch (error) {
    if (error instanceof OutboundUnavailable) circuits.failed(host);
    throw error;
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown';
}

function outcomeOf(error: unknown): OutboundOutcome {
  if (error instanceof OutboundRefused) return 'refused';
  return error instanceof OutboundTooLarge ? 'too_large' : 'unavailable';
}
