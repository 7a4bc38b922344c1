/**
 * The numbers of this process, in Prometheus' words. A label's value is always a fixed word (an operation's kind, a
 * limit's name, a reason), never client input: clients cannot create series.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type OperationKind = 'query' | 'mutation' | 'none';

/** The values that are read from the database with each scrape. */
export interface StoredNumbers {
  /** 1, or 0 when the database does not answer. */
  databaseUp: number;
  mailsPending: number;
  mailsDead: number;
  /** Seconds since the oldest pending mail was written; 0 when none waits. */
  oldestMailSeconds: number;
  auditEntriesUnsealed: number;
  /** Seconds since the oldest unsealed entry occurred; 0 when all are sealed. */
  auditSealingLagSeconds: number;
}

/** What is read at the moment of a scrape. */
export interface Sources {
  passwordHashes(): { running: number; waiting: number };
  /** Where rate limits are counted. */
  limits(): 'shared' | 'local' | 'degraded';
  /** Without the numbers that could not be read. */
  stored(): Promise<Partial<StoredNumbers>>;
}

export interface Metrics {
  /** @param outcome `succeeded`, or why not: a reason of the audit trail */
  signIn(outcome: string): void;
  /** @param outcome `rotated`, `repeated` (the same successor again), or why not */
  refresh(outcome: string): void;
  tokenReused(): void;
  /** @param limit its name in RATE_LIMITS */
  rateLimited(limit: string): void;
  /** An error in an answer of `/graphql`. @param code of the error vocabulary */
  errorAnswered(code: string): void;
  /** @param outcome `broken`: an error of the gateway itself, which keeps the mail */
  mail(outcome: 'sent' | 'failed' | 'dead' | 'broken'): void;
  /** The breach check could not be asked: the password was taken without it. */
  breachCheckFailed(): void;
  /** A task of the clean-up has succeeded. @param task the table that it cleans */
  cleanedUp(task: string): void;
  /** The audit trail is not the one that this process sealed: cut off, or an old backup. */
  auditTrailWentBack(): void;
  /** @param route as it was registered, never as it was asked for */
  request(request: { route: string; operation: OperationKind; status: number; seconds: number }): void;
  watch(sources: Sources): void;
  /** Memory, event loop and garbage collection of the process, too. Only where metrics are served, because collecting has a cost. */
  watchProcess(): void;
  contentType: string;
  text(): Promise<string>;
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `postern_${name}_total`, help, labelNames, registers });

  const signIns = counter('sign_ins', 'Sign-in attempts by outcome.', ['outcome']);
  const refreshes = counter('refreshes', 'Refresh attempts by outcome.', ['outcome']);
  const reuses = counter('token_reuse', 'Replayed refresh tokens; each replay revoked its session.');
  const limited = counter('rate_limited', 'Requests rejected by a rate limit, by limit.', ['limit']);
  const errors = counter('errors', 'Errors in responses of /graphql by code.', ['code']);
  const mails = counter(
    'mails',
    'Mail delivery attempts. dead: failed permanently; broken: the mail could not be rendered and is retried.',
    ['outcome'],
  );
  const breachChecks = counter(
    'breach_check_failures',
    'Passwords accepted without the breach check, because it did not answer.',
  );
  const wentBack = counter('audit_trail_went_back', 'Times the audit trail differed from its sealed state.');
  const cleanUps = new Gauge({
    name: 'postern_clean_up_last_success_timestamp_seconds',
    help: 'Time of the last successful clean-up in this process, by table.',
    labelNames: ['task'] as const,
    registers,
  });
  const requests = new Histogram({
    name: 'postern_http_request_duration_seconds',
    help: 'Duration from the first byte of a request to the last byte of its response.',
    labelNames: ['route', 'operation', 'status'] as const,
    buckets: durationBuckets,
    registers,
  });

  let scrape: Promise<Partial<StoredNumbers>> = Promise.resolve({});
  let stored: Sources['stored'] = () => Promise.resolve({});
  return {
    signIn: (outcome) => signIns.inc({ outcome }),
    refresh: (outcome) => refreshes.inc({ outcome }),
    tokenReused: () => reuses.inc(),
    rateLimited: (limit) => limited.inc({ limit }),
    errorAnswered: (code) => errors.inc({ code }),
    mail: (outcome) => mails.inc({ outcome }),
    breachCheckFailed: () => breachChecks.inc(),
    cleanedUp: (task) => cleanUps.set({ task }, Date.now() / 1000),
    auditTrailWentBack: () => wentBack.inc(),
    request: ({ route, operation, status, seconds }) =>
      requests.observe({ route, operation, status: `${Math.floor(status / 100)}xx` }, seconds),
    watch(sources) {
      stored = sources.stored;
      watchHashes(registry, sources);
      watchLimits(registry, sources);
      watchDatabase(registry, () => scrape);
    },
    watchProcess: () => collectDefaultMetrics({ register: registry }),
    contentType: registry.contentType,
    text() {
      // One read a scrape, whatever number of gauges ask for it.
      scrape = stored();
      return registry.metrics();
    },
  };
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

/** A number that could not be read is left out: an old one would look like a good one. */
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
