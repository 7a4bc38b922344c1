/**
 * The metrics of this process, for Prometheus. Values of labels are fixed words (the kind of an operation, the name of a
 * limit, a reason), never input: a client cannot create series.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type OperationKind = 'query' | 'mutation' | 'none';

/** The values that are read from the database with each scrape. */
export interface StoredNumbers {
  /** 1: the database answers; 0: it does not. */
  databaseUp: number;
  mailsPending: number;
  mailsDead: number;
  /** Seconds since the oldest pending mail was written; 0 when none waits. */
  oldestMailSeconds: number;
  auditEntriesUnsealed: number;
  /** Seconds since the oldest unsealed entry occurred; 0 when all are sealed. */
  auditSealingLagSeconds: number;
}

/** The values that are read at each scrape. */
export interface Sources {
  passwordHashes(): { running: number; waiting: number };
  /** Where rate limits are counted. */
  limits(): 'shared' | 'local' | 'degraded';
  /** Omits the numbers that could not be read. */
  stored(): Promise<Partial<StoredNumbers>>;
}

export interface Metrics {
  /** @param outcome `succeeded`, or the reason of the failure in the audit trail */
  signIn(outcome: string): void;
  /** @param outcome `rotated`, `repeated` (the same successor again), or the reason of the failure */
  refresh(outcome: string): void;
  tokenReused(): void;
  /** @param limit its name in RATE_LIMITS */
  rateLimited(limit: string): void;
  /** An error in an answer of `/graphql`. @param code of the error vocabulary */
  errorAnswered(code: string): void;
  /** @param outcome `broken`: an error in the gateway; the mail stays in the queue */
  mail(outcome: 'sent' | 'failed' | 'dead' | 'broken'): void;
  /** The breach check did not answer, and the password was accepted without it. */
  breachCheckFailed(): void;
  /** A task of the clean-up succeeded. @param task the table that it cleans */
  cleanedUp(task: string): void;
  /** The audit trail differs from the state that this process sealed: entries were removed, or an old backup was restored. */
  auditTrailWentBack(): void;
  /** @param route the registered pattern, never the requested path */
  request(request: { route: string; operation: OperationKind; status: number; seconds: number }): void;
  watch(sources: Sources): void;
  /** Adds memory, event loop and garbage collection. Only when metrics are served, because the collection has a cost. */
  watchProcess(): void;
  contentType: string;
  text(): Promise<string>;
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function createInstruments(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `postern_${name}_total`, help, labelNames, registers });
  return {
    signIns: counter('sign_ins', 'Sign-in attempts by outcome.', ['outcome']),
    refreshes: counter('refreshes', 'Refresh attempts by outcome.', ['outcome']),
    reuses: counter('token_reuse', 'Replayed refresh tokens; each replay revoked its session.'),
    limited: counter('rate_limited', 'Requests rejected by a rate limit, by limit.', ['limit']),
    errors: counter('errors', 'Errors in responses of /graphql by code.', ['code']),
    mails: counter(
      'mails',
      'Mail delivery attempts. dead: failed permanently; broken: the mail could not be rendered and is retried.',
      ['outcome'],
    ),
    breachChecks: counter(
      'breach_check_failures',
      'Passwords accepted without the breach check, because it did not answer.',
    ),
    wentBack: counter('audit_trail_went_back', 'Times the audit trail differed from its sealed state.'),
    cleanUps: createCleanUpGauge(registry),
    requests: createRequestHistogram(registry),
  };
}

function createCleanUpGauge(registry: Registry) {
  return new Gauge({
    name: 'postern_clean_up_last_success_timestamp_seconds',
    help: 'Time of the last successful clean-up in this process, by table.',
    labelNames: ['task'] as const,
    registers: [registry],
  });
}

function createRequestHistogram(registry: Registry) {
  return new Histogram({
    name: 'postern_http_request_duration_seconds',
    help: 'Duration from the first byte of a request to the last byte of its response.',
    labelNames: ['route', 'operation', 'status'] as const,
    buckets: durationBuckets,
    registers: [registry],
  });
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  let scrape: Promise<Partial<StoredNumbers>> = Promise.resolve({});
  let stored: Sources['stored'] = () => Promise.resolve({});
  return {
    signIn: (outcome) => instruments.signIns.inc({ outcome }),
    refresh: (outcome) => instruments.refreshes.inc({ outcome }),
    tokenReused: () => instruments.reuses.inc(),
    rateLimited: (limit) => instruments.limited.inc({ limit }),
    errorAnswered: (code) => instruments.errors.inc({ code }),
    mail: (outcome) => instruments.mails.inc({ outcome }),
    breachCheckFailed: () => instruments.breachChecks.inc(),
    cleanedUp: (task) => instruments.cleanUps.set({ task }, Date.now() / 1000),
    auditTrailWentBack: () => instruments.wentBack.inc(),
    request: ({ route, operation, status, seconds }) =>
      instruments.requests.observe({ route, operation, status: `${Math.floor(status / 100)}xx` }, seconds),
    watch(sources) {
      stored = sources.stored;
      watchSources(registry, sources, () => scrape);
    },
    watchProcess: () => collectDefaultMetrics({ register: registry }),
    contentType: registry.contentType,
    text() {
      // All gauges of a scrape share one read.
      scrape = stored();
      return registry.metrics();
    },
  };
}

function watchSources(registry: Registry, sources: Sources, scrape: () => Promise<Partial<StoredNumbers>>): void {
  watchHashes(registry, sources);
  watchLimits(registry, sources);
  watchDatabase(registry, scrape);
}

function watchHashes(registry: Registry, { passwordHashes }: Sources): void {
  new Gauge({
    name: 'postern_password_hashes',
    help: 'Password hashes that are running and waiting.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      const { running, waiting } = passwordHashes();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}

function watchLimits(registry: Registry, { limits }: Sources): void {
  new Gauge({
    name: 'postern_rate_limits',
    help: 'Where rate limits are counted: 1 for the current state. Degraded: Redis is configured and unavailable.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      const present = limits();
      for (const state of ['shared', 'local', 'degraded'] as const) this.set({ state }, state === present ? 1 : 0);
    },
  });
}

const storedGauges: Readonly<Record<keyof StoredNumbers, { name: string; help: string }>> = {
  databaseUp: { name: 'postern_database_up', help: 'Whether the database answered this scrape.' },
  mailsPending: {
    name: 'postern_mails_pending',
    help: 'Mails waiting for delivery; 10001 means more than 10000.',
  },
  mailsDead: {
    name: 'postern_mails_dead',
    help: 'Mails that failed permanently in the last 30 days; 10001 means more than 10000.',
  },
  oldestMailSeconds: {
    name: 'postern_mail_oldest_waiting_seconds',
    help: 'Age of the oldest waiting mail.',
  },
  auditEntriesUnsealed: {
    name: 'postern_audit_entries_unsealed',
    help: 'Audit entries that are not sealed yet; 10001 means more than 10000.',
  },
  auditSealingLagSeconds: {
    name: 'postern_audit_sealing_lag_seconds',
    help: 'Age of the oldest unsealed audit entry.',
  },
};

/** Omits a number that could not be read, because its old value would look valid. */
function watchDatabase(registry: Registry, scrape: () => Promise<Partial<StoredNumbers>>): void {
  for (const key of keysOf(storedGauges)) {
    new Gauge({
      ...storedGauges[key],
      registers: [registry],
      async collect() {
        const value = (await scrape())[key];
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  const isKey = (key: string): key is Key => Object.hasOwn(record, key);
  return Object.keys(record).filter(isKey);
}
