/** Metrics that are read from the database. A new one is an entry of `gauges`; domain/operations/stored-numbers.ts reads it. */
import { Gauge, type Registry } from 'prom-client';

const gauges = {
  databaseUp: { name: 'postern_database_up', help: 'Whether the database answered this scrape.' },
  mailsPending: { name: 'postern_mails_pending', help: 'Mails waiting for delivery; 10001 means more than 10000.' },
  mailsDead: {
    name: 'postern_mails_dead',
    help: 'Mails that failed permanently in the last 30 days; 10001 means more than 10000.',
  },
  oldestMailSeconds: { name: 'postern_mail_oldest_waiting_seconds', help: 'Age of the oldest waiting mail.' },
  eventsUndispatched: {
    name: 'postern_events_undispatched',
    help: 'Events of which no webhook delivery was made yet; 10001 means more than 10000.',
  },
  oldestEventSeconds: {
    name: 'postern_event_oldest_undispatched_seconds',
    help: 'Age of the oldest of these events; 0 when there is none.',
  },
  deliveriesWaiting: {
    name: 'postern_webhook_deliveries_waiting',
    help: 'Webhook deliveries that wait for their first or next attempt.',
  },
  deliveriesLateSeconds: {
    name: 'postern_webhook_deliveries_late_seconds',
    help: 'How long the oldest due attempt of a webhook delivery is late.',
  },
  deliveriesAbandoned: {
    name: 'postern_webhook_deliveries_abandoned',
    help: 'Webhook deliveries of the last 30 days without an attempt left; 10001 means more than 10000.',
  },
  smsPending: { name: 'postern_sms_pending', help: 'Text messages waiting for delivery; 10001 means more than 10000.' },
  smsDead: {
    name: 'postern_sms_dead',
    help: 'Text messages that failed permanently in the last 30 days; 10001 means more than 10000.',
  },
  oldestSmsSeconds: { name: 'postern_sms_oldest_waiting_seconds', help: 'Age of the oldest waiting text message.' },
  smsBudgetUsed: {
    name: 'postern_sms_budget_used_ratio',
    help: 'The part of SMS_BUDGET that its current window has used; 1 means that no further message is sent.',
  },
  auditEntriesUnsealed: {
    name: 'postern_audit_entries_unsealed',
    help: 'Audit entries that are not sealed yet; 10001 means more than 10000.',
  },
  auditSealingLagSeconds: {
    name: 'postern_audit_sealing_lag_seconds',
    help: 'Age of the oldest unsealed audit entry; 0 when all are sealed.',
  },
  activeSessions: {
    name: 'postern_active_sessions',
    help: 'Sessions that are neither expired nor revoked, counted once a minute; 1000001 means more than 1000000.',
  },
  lockedAccounts: {
    name: 'postern_locked_accounts',
    help: 'Addresses whose sign-in is locked, counted once a minute; 10001 means more than 10000.',
  },
  signingKeyAgeSeconds: {
    name: 'postern_signing_key_age_seconds',
    help: 'Time since the active signing key began to sign.',
  },
  signingKeyRotationOverdue: {
    name: 'postern_signing_key_rotation_overdue',
    help: 'Whether the active signing key signs for more than an hour longer than KEY_ROTATION.',
  },
  partitionsMissing: {
    name: 'postern_partitions_missing',
    help: 'Partitioned tables without a partition for the time a week ahead.',
  },
} as const;

type StoredNumber = keyof typeof gauges;
/** Omits the numbers that could not be read. */
export interface StoredNumbers extends Partial<Record<StoredNumber, number>> {
  /** By table. */
  partitions?: ReadonlyMap<string, number>;
}

export function createStoredMetrics(registry: Registry) {
  return {
    watchStored(read: () => Promise<StoredNumbers>): void {
      const scrape = sharedByOneScrape(read);
      for (const key of Object.keys(gauges).filter(isStoredNumber)) watchNumber(registry, key, scrape);
      watchPartitions(registry, scrape);
    },
  };
}

/** Omits a number that could not be read, because its old value would look valid. */
function watchNumber(registry: Registry, key: StoredNumber, scrape: () => Promise<StoredNumbers>): void {
  new Gauge({
    ...gauges[key],
    registers: [registry],
    async collect() {
      const value = (await scrape())[key];
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
}

function watchPartitions(registry: Registry, scrape: () => Promise<StoredNumbers>): void {
  new Gauge({
    name: 'postern_partitions',
    help: 'Partitions of the tables that are partitioned.',
    labelNames: ['table'] as const,
    registers: [registry],
    async collect() {
      this.reset();
      for (const [table, count] of (await scrape()).partitions ?? []) this.set({ table }, count);
    },
  });
}

/** All gauges of a scrape are collected in one turn of the event loop. */
function sharedByOneScrape<T>(read: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | null = null;
  return () => {
    current ??= read().finally(() => {
      current = null;
    });
    return current;
  };
}

function isStoredNumber(key: string): key is StoredNumber {
  return Object.hasOwn(gauges, key);
}
