/** deploy/observability and docs/runbooks.md: valid for Prometheus, complete, and about metrics that exist. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { goodPassword, newAddress, refusal, registerUser, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullLoginDocument, FullRefreshDocument, FullViewerDocument } from '../support/generated/graphql.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { findOrFetch } from '../support/processes/debian-package.ts';
import { promtool } from '../support/processes/debian-programs.ts';
import { documentedMetrics, groupsOf, metricsIn, metricsOf, repository } from '../support/servers/metric-names.ts';

// The first run on a machine downloads promtool.
vi.setConfig({ testTimeout: 240_000 });
const gateway = useGateway({ METRICS_PORT: '0', RATE_LIMITS: 'register=20/1h' });
const folder = join(repository, 'deploy/observability');
const run = promisify(execFile);

const rulesFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().optional(),
          record: z.string().optional(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['page', 'ticket']) }).optional(),
          annotations: z.object({ summary: z.string(), description: z.string(), runbook_url: z.string() }).optional(),
        }),
      ),
    }),
  ),
});
const dashboardFile = z.object({
  uid: z.string(),
  panels: z.array(z.object({ id: z.int(), title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

async function rulesOf(file: string) {
  const { groups } = rulesFile.parse(parse(await readFile(join(folder, file), 'utf8')));
  return groups.flatMap(({ rules }) => rules);
}

async function dashboards() {
  const files = await readdir(join(folder, 'grafana'));
  return Promise.all(
    files.map(async (file) => dashboardFile.parse(JSON.parse(await readFile(join(folder, 'grafana', file), 'utf8')))),
  );
}

async function runPromtool(...args: string[]): Promise<string> {
  const { path, environment } = await findOrFetch(promtool);
  const { stdout, stderr } = await run(path, args, { cwd: folder, env: environment });
  return stdout + stderr;
}

const runbooks = () => readFile(join(repository, 'docs/runbooks.md'), 'utf8');
const scrape = async () => (await fetch(gateway.metricsUrl ?? '')).text();

describe('the rules', () => {
  test('are valid for Prometheus', async () => {
    expect(await runPromtool('check', 'rules', 'alerts.yml', 'slo.yml')).toContain('28 rules found');
  });

  test('fire and stay silent as their tests say', async () => {
    expect(await runPromtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  });

  test('each alert has a severity, a text, both tests and a runbook, and each runbook has an alert', async () => {
    const alerts = await rulesOf('alerts.yml');
    const names = alerts.map(({ alert = '' }) => alert);
    const tests = await readFile(join(folder, 'alerts.test.yml'), 'utf8');
    for (const { alert = '', labels, annotations } of alerts) {
      expect(labels?.severity).toMatch(/^(page|ticket)$/);
      expect(annotations?.runbook_url).toMatch(new RegExp(`/docs/runbooks\\.md#${alert.toLowerCase()}$`));
      expect(tests).toContain(`name: ${alert} fires\n`);
      expect(tests).toContain(`name: ${alert} is silent\n`);
    }
    const sections = [...(await runbooks()).matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(names);
  });
});

describe('the metrics', () => {
  test('of a scrape are documented with their labels, and the documented ones are in a scrape', async () => {
    await useEverything();
    const documented = await documentedMetrics();
    const text = await scrape();
    const declared = [...text.matchAll(/^# TYPE (postern_\w+) /gm)].map(([, name]) => name);
    const withoutReplica = [...documented.keys()].filter((name) => name !== 'postern_replica_lag_seconds');
    expect(declared.toSorted()).toEqual(withoutReplica.toSorted());
    for (const { name, labels } of metricsIn(text).filter((metric) => metric.name.startsWith('postern_'))) {
      expect([name, labels.toSorted()]).toEqual([name, (documented.get(name) ?? []).toSorted()]);
    }
  });

  test('of rules and dashboards exist with the labels that they use', async () => {
    const documented = await documentedMetrics();
    const scraped = new Set(metricsIn(await scrape()).map(({ name }) => name));
    const rules = [...(await rulesOf('alerts.yml')), ...(await rulesOf('slo.yml'))].map(({ expr }) => expr);
    const panels = (await dashboards()).flatMap((dashboard) => dashboard.panels);
    const queries = [...rules, ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
    expect(queries.length).toBeGreaterThan(60);
    for (const query of queries) {
      const used = metricsOf(query);
      const known = (name: string) => [...(documented.get(name) ?? []), 'job', 'instance', 'le'];
      for (const { name, labels } of used) {
        expect(documented.has(name) || scraped.has(name), `${name} of ${query}`).toBe(true);
        expect(
          labels.filter((label) => !known(name).includes(label)),
          query,
        ).toEqual([]);
      }
      const all = used.flatMap(({ name }) => known(name));
      expect(
        groupsOf(query).filter((label) => !all.includes(label)),
        query,
      ).toEqual([]);
    }
  });

  test('of recording rules that alerts and dashboards read are recorded', async () => {
    const recorded = (await rulesOf('slo.yml')).map(({ record }) => record);
    const alerts = (await rulesOf('alerts.yml')).map(({ expr }) => expr);
    const panels = (await dashboards()).flatMap((dashboard) => dashboard.panels);
    const queries = [...alerts, ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
    const read = queries.flatMap((query) => query.match(/postern:\w+:\w+/g) ?? []);
    expect(new Set(read)).toEqual(new Set(recorded));
  });

  test('of the runbooks exist, and their statements run', async () => {
    const text = await runbooks();
    const documented = await documentedMetrics();
    const named = text.match(/\bpostern_[a-z_]+_[a-z]+\b/g) ?? [];
    expect(named.filter((name) => ![...documented.keys()].some((metric) => metric.startsWith(name)))).toEqual([]);
    const statements = [...text.matchAll(/^psql "\$DATABASE_URL" -c "(.+)"$/gm)].map(([, sql = '']) => sql);
    expect(statements.length).toBeGreaterThan(10);
    for (const sql of statements) await gateway.database.query(sql);
  });
});

test('the dashboards have unique ids and titled panels', async () => {
  const all = await dashboards();
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(4);
  for (const { panels } of all) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});

/** Makes the gateway create series with every label that can occur without a failure of its surroundings. */
async function useEverything(): Promise<void> {
  const { accessToken, refreshToken } = await signIn(gateway, await registerUser(gateway));
  await gateway.send(FullViewerDocument, {}, accessToken);
  await gateway.send(FullRefreshDocument, { input: { refreshToken } });
  await refusal(gateway.send(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } }));
  await fetch(`${gateway.url}/auth/verify`, { headers: { authorization: `Bearer ${accessToken}` } });
  await everythingIsSent(gateway.database);
}
