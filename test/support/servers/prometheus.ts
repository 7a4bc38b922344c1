/** A real Prometheus with the rules of deploy/observability, and the Alertmanager that it sends its alerts to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrFetch } from '../processes/debian-package.ts';
import { prometheus } from '../processes/debian-programs.ts';
import { until } from '../races/until.ts';
import { type Alertmanager, isReady, startAlertmanager } from './alertmanager.ts';
import { freePort } from './free-port.ts';
import { repository } from './metric-names.ts';

export interface Monitoring {
  /** The alerts that Alertmanager has sent. */
  received: Alertmanager['received'];
  /** Evaluates a query now. @returns the values by the label `instance` */
  query(text: string): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** @param targets addresses with a port, whose `/metrics` is read every two seconds */
export async function startMonitoring(targets: readonly string[]): Promise<Monitoring> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-monitoring-'));
  await cp(join(repository, 'deploy/observability'), folder, { recursive: true });
  const alertmanager = await startAlertmanager(folder);
  const port = await freePort();
  await writeFile(join(folder, 'prometheus.yml'), configOf(targets, alertmanager.port));
  const { path, environment } = await findOrFetch(prometheus);
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`];
  const program = spawn(path, args, { cwd: folder, env: environment, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until('Prometheus', () => isReady(`${url}/-/ready`), 30_000);
  return {
    received: alertmanager.received,
    query: (text) => query(url, text),
    async stop() {
      program.kill('SIGKILL');
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
      await alertmanager.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configOf(targets: readonly string[], alertmanagerPort: number): string {
  return JSON.stringify({
    global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '1s' },
    rule_files: ['slo.yml', 'alerts.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
    scrape_configs: [{ job_name: 'postern', static_configs: [{ targets }] }],
  });
}

async function query(url: string, text: string): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(text)}`);
  const body: { data?: { result: { metric: { instance?: string }; value: [number, string] }[] } } = JSON.parse(
    await answer.text(),
  );
  if (!body.data) throw new Error(`Prometheus rejected the query: ${text}`);
  return new Map(body.data.result.map(({ metric, value }) => [metric.instance ?? '', Number(value[1])]));
}
