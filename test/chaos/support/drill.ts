/** One drill: traffic, a fault, traffic until every client is served again, and the proof that nothing was lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { MailServer } from '../../support/mail/mail-server.ts';
import { until } from '../../support/races/until.ts';
import type { Gateways } from './gateway.ts';
import { countChanges, type Ledger } from './ledger.ts';
import { query } from './postgres.ts';
import { findLosses } from './proof.ts';
import { type Attempt, startTraffic, type Traffic } from './traffic.ts';

export interface Site {
  /** Where clients send their requests: gateways or a load balancer. */
  urls: readonly string[];
  gateways: Gateways;
  mail: MailServer;
  /** The primary, past every proxy. */
  databaseUrl(): Promise<string> | string;
}

export interface Limits {
  /** From the end of the fault to the start of the last request that failed. */
  recoverySeconds: number;
  /** The most requests that may fail. */
  failed?: number;
  /** Outcomes besides `ok`. By default a gateway answers each request, and refuses it when the database is away. */
  outcomes?: readonly string[];
}

const calmMs = 3000;
const unavailable = ['SERVICE_UNAVAILABLE', 'SERVICE_BUSY'];

/** @param fault ends when the fault is over, or at once when the site has to recover by itself */
export async function drill(name: string, site: Site, fault: () => Promise<unknown>, limits: Limits): Promise<void> {
  const [url = ''] = site.urls;
  const traffic = await startTraffic(site.urls, site.mail);
  let endedAt = Number.POSITIVE_INFINITY;
  try {
    await sleep(calmMs);
    await fault();
    endedAt = Date.now();
    await until(
      `every client is served again after: ${name}`,
      () => isServed(traffic, endedAt),
      (limits.recoverySeconds + 10) * 1000,
    );
  } finally {
    await traffic.stop();
  }
  const losses = await findLosses(url, traffic);
  losses.push(...(await missingEntries(await site.databaseUrl(), traffic.ledger)));
  const { code, stdout } = await site.gateways.run(['audit', 'verify']);
  if (code !== 0) losses.push(`audit verify exits with ${code}: ${stdout}`);
  const failures = traffic.attempts.filter(({ outcome }) => outcome !== 'ok');
  const recovery = secondsOf(failures, endedAt);
  print(name, traffic.attempts, { recovery, changes: countChanges(traffic.ledger), losses: losses.length });
  expect(losses).toEqual([]);
  const expected = limits.outcomes ?? unavailable;
  expect(failures.filter(({ outcome }) => !expected.includes(outcome))).toEqual([]);
  expect(recovery).toBeLessThanOrEqual(limits.recoverySeconds);
  // The list names each request that failed.
  if (failures.length > (limits.failed ?? Number.POSITIVE_INFINITY)) expect(failures).toEqual([]);
}

/** Where a gateway or a proxy was lost with the requests that it held. */
export const outcomesWithoutGateway = [...unavailable, 'connection lost', 'no answer'];

/** Each holder of a session has had an answer since the fault, and no recent request failed. */
function isServed({ attempts, holders }: Traffic, since: number): boolean {
  const now = Date.now();
  const later = attempts.filter(({ startedAt }) => startedAt >= since);
  const served = new Set(later.filter(({ outcome }) => outcome === 'ok').map(({ client }) => client));
  const recent = later.filter(({ startedAt }) => startedAt >= now - calmMs);
  const isEveryoneServed = Array.from({ length: holders }, (_, client) => client).every((client) => served.has(client));
  return now - since >= calmMs && isEveryoneServed && recent.every(({ outcome }) => outcome === 'ok');
}

function secondsOf(failures: readonly Attempt[], since: number): number {
  const starts = failures.map(({ startedAt }) => startedAt).filter((startedAt) => startedAt >= since);
  return Math.max(0, ...starts.map((startedAt) => startedAt - since)) / 1000;
}

/** Each rotation of a session has an audit entry; a repeated refresh has none of its own. */
async function missingEntries(databaseUrl: string, { rotations }: Ledger): Promise<string[]> {
  const rows = await query<{ sessionId: string; count: number }>(
    databaseUrl,
    `select session_id as "sessionId", count(*)::int as count from audit_entries
     where action = 'session.refreshed' and session_id = any($1) group by session_id`,
    [[...rotations.keys()]],
  );
  const counts = new Map(rows.map(({ sessionId, count }) => [sessionId, count]));
  return [...rotations]
    .filter(([sessionId, count]) => (counts.get(sessionId) ?? 0) < count)
    .map(([sessionId, count]) => `session ${sessionId}: ${counts.get(sessionId)} audit entries for ${count} refreshes`);
}

function print(
  name: string,
  attempts: readonly Attempt[],
  { recovery, changes, losses }: { recovery: number; changes: number; losses: number },
): void {
  const failed = new Map<string, number>();
  for (const { outcome } of attempts) if (outcome !== 'ok') failed.set(outcome, (failed.get(outcome) ?? 0) + 1);
  const total = [...failed.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...failed].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const slowest = Math.max(...attempts.map(({ startedAt, endedAt }) => endedAt - startedAt));
  process.stdout.write(
    `${name}: ${total} of ${attempts.length} requests failed${kinds && ` (${kinds})`}, served again after ` +
      `${recovery.toFixed(1)} s, slowest answer ${slowest} ms, ${losses} of ${changes} acknowledged changes lost\n`,
  );
}
