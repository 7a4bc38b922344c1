/** A real Alertmanager, which posts every alert to a webhook. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { findOrFetch } from '../processes/debian-package.ts';
import { alertmanager } from '../processes/debian-programs.ts';
import { mountNamespace } from '../processes/mount-namespace.ts';
import { until } from '../races/until.ts';
import { freePort, portOf } from './free-port.ts';

export interface ReceivedAlert {
  isFiring: boolean;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface Alertmanager {
  port: number;
  /** The alerts that the webhook has received. */
  received: readonly ReceivedAlert[];
  stop(): Promise<void>;
}

/** @param folder for its file */
export async function startAlertmanager(folder: string): Promise<Alertmanager> {
  const webhook = await startWebhook();
  const port = await freePort();
  const file = join(folder, 'alertmanager.yml');
  await writeFile(file, configOf(webhook.port));
  const program = await startProgram([
    `--config.file=${file}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  await until('Alertmanager', () => isReady(`http://127.0.0.1:${port}/-/ready`), 30_000);
  return {
    port,
    received: webhook.alerts,
    async stop() {
      program.kill('SIGTERM');
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
      webhook.stop();
    },
  };
}

/**
 * Debian's Alertmanager reads a template below /usr/share, which an unpacked package has elsewhere: only this process sees it
 * there. Its data are in a file system of its own as well, because in a namespace it may run as another user.
 */
async function startProgram(args: readonly string[]): Promise<ChildProcess> {
  const { path, environment } = await findOrFetch(alertmanager);
  const share = join(dirname(path), '../share');
  const script = 'mount --bind "$0" /usr/share && mount -t tmpfs tmpfs /mnt && exec "$@" --storage.path=/mnt';
  const [file = '', ...rest] = [...(await mountNamespace()), 'sh', '-c', script, share, path, ...args];
  return spawn(file, rest, { env: environment, stdio: 'ignore' });
}

function configOf(webhookPort: number): string {
  return JSON.stringify({
    route: { receiver: 'webhook', group_by: ['...'], group_wait: '0s', group_interval: '1s', repeat_interval: '1h' },
    receivers: [{ name: 'webhook', webhook_configs: [{ url: `http://127.0.0.1:${webhookPort}/` }] }],
  });
}

/** Receives version 4 of the messages of Alertmanager. */
async function startWebhook() {
  const alerts: ReceivedAlert[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const message: { alerts: (Omit<ReceivedAlert, 'isFiring'> & { status: string })[] } = JSON.parse(text);
    for (const { status, labels, annotations } of message.alerts) {
      alerts.push({ isFiring: status === 'firing', labels, annotations });
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

export function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
