/** The alerts of deploy/observability with a real Prometheus and two instances. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { startTcpProxy, type TcpProxy } from '../support/proxies/tcp-proxy.ts';
import { until } from '../support/races/until.ts';
import { repository } from '../support/servers/metric-names.ts';
import { type Monitoring, startMonitoring } from '../support/servers/prometheus.ts';

let database: TestDatabase;
let proxy: TcpProxy;
let gateways: TestGateway[];
let monitoring: Monitoring;

// The first run on a machine downloads the programs.
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  const settings = { DATABASE_URL: proxy.url, METRICS_PORT: '0' };
  gateways = [await startTestGateway(settings), await startTestGateway(settings)];
  monitoring = await startMonitoring(gateways.map(({ metricsUrl }) => new URL(metricsUrl ?? '').host));
}, 240_000);
afterAll(async () => {
  await monitoring?.stop();
  await proxy.restore();
  for (const gateway of gateways ?? []) await gateway.stop();
  await proxy.close();
  await database.drop();
});

const firing = () =>
  monitoring.received.filter(({ isFiring, labels }) => isFiring && labels.alertname === 'PosternDatabaseDown');

test('every query of the dashboards is accepted', { timeout: 60_000 }, async () => {
  const up = async () => [...(await monitoring.query('postern_database_up')).values()];
  await until('both instances are read', async () => (await up()).join() === '1,1', 20_000);
  const folder = join(repository, 'deploy/observability/grafana');
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  const panels: { targets: { expr: string }[] }[] = texts.flatMap((text) => JSON.parse(text).panels);
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(queries.length).toBeGreaterThan(30);
  for (const query of queries) await monitoring.query(query.replaceAll('$__rate_interval', '1m'));
});

test('a database that is down pages for each instance, and the recovery resolves it', {
  timeout: 180_000,
}, async () => {
  expect(monitoring.received).toEqual([]);
  await proxy.cut();
  await until(
    'an alert for each instance',
    () => new Set(firing().map(({ labels }) => labels.instance)).size === 2,
    120_000,
  );
  expect(firing()[0]).toMatchObject({
    labels: { severity: 'page', job: 'postern' },
    annotations: { runbook_url: expect.stringMatching(/runbooks\.md#posterndatabasedown$/) },
  });
  await proxy.restore();
  const resolved = () => monitoring.received.filter(({ isFiring }) => !isFiring);
  await until('the end of the alerts', () => resolved().length >= 2, 60_000);
});
