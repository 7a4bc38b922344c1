/**
 * A real Prometheus with the rules of deploy/observability. It sends its alerts to a receiver in the place of Alertmanager:
 * the one of Debian reads a template below /usr, which an unpacked package does not have.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrFetch } from '../processes/debian-package.ts';
import { prometheus } from '../processes/debian-programs.ts';
import { until } from '../races/until.ts';
import { freePort, portOf } from './free-port.ts';
import { repository } from './metric-names.ts';

export interface ReceivedAlert {
  isFiring: boolean;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface Monitoring {
  /** The alerts that Prometheus has sent. */
  received: readonly ReceivedAlert[];
  /** Evaluates a query now. @returns the values by the label `instance` */
  query(text: string): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** @param targets addresses with a port, whose `/metrics` is read every two seconds */
export async function startMonitoring(targets: readonly string[]): Promise<Monitoring> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-monitoring-'));
  await cp(join(repository, 'deploy/observability'), folder, { recursive: true });
  const receiver = await startReceiver();
  const port = await freePort();
  await writeFile(join(folder, 'prometheus.yml'), configOf(targets, receiver.port));
  const { path, environment } = await findOrFetch(prometheus);
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`];
  const program = spawn(path, args, { cwd: folder, env: environment, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until('Prometheus', () => isReady(`${url}/-/ready`), 30_000);
  return {
    received: receiver.alerts,
    query: (text) => query(url, text),
    async stop() {
      program.kill('SIGKILL');
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
      receiver.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configOf(targets: readonly string[], receiverPort: number): string {
  return JSON.stringify({
    global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '1s' },
    rule_files: ['slo.yml', 'alerts.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${receiverPort}`] }] }] },
    scrape_configs: [{ job_name: 'postern', static_configs: [{ targets }] }],
  });
}

/** Serves `POST /api/v2/alerts` of Alertmanager. An alert that has ended has an end in the past. */
async function startReceiver() {
  const alerts: ReceivedAlert[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const sent: (Omit<ReceivedAlert, 'isFiring'> & { endsAt: string })[] = JSON.parse(text);
    for (const { labels, annotations, endsAt } of sent) {
      alerts.push({ isFiring: Date.parse(endsAt) > Date.now(), labels, annotations });
    }
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    alerts,
    port: portOf(server),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function query(url: string, text: string): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(text)}`);
  const body: { data?: { result: { metric: { instance?: string }; value: [number, string] }[] } } = JSON.parse(
    await answer.text(),
  );
  if (!body.data) throw new Error(`Prometheus rejected the query: ${text}`);
  return new Map(body.data.result.map(({ metric, value }) => [metric.instance ?? '', Number(value[1])]));
}

function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
