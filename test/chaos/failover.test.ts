/**
 * Loss of the primary under Patroni with a synchronous standby. One gateway reaches the primary through HAProxy, the
 * other one by the list of servers in its DATABASE_URL.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { signalProcess } from '../support/processes/family.ts';
import { until } from '../support/races/until.ts';
import { drill, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { type EtcdServer, startEtcd } from './support/etcd.ts';
import { startHaproxy } from './support/haproxy.ts';
import { type PatroniCluster, startPatroni } from './support/patroni.ts';
import type { Program } from './support/program.ts';
import { startSite } from './support/site.ts';

const ending = useEnding();
/** What a drill has killed: it starts again before the next one. */
let killed: Program[] = [];
let etcd: EtcdServer[];
let cluster: PatroniCluster;
let site: Site;
beforeAll(async () => {
  etcd = await startEtcd(ending);
  const ports = etcd.map(({ port }) => port);
  cluster = await startPatroni(ending, ports);
  const haproxy = await startHaproxy(ending, { patroni: cluster.members });
  const direct = async () => cluster.urlAt((await cluster.primary()).port);
  const throughHaproxy = await startSite(ending, cluster.urlAt(haproxy.postgresPort), { direct });
  const DATABASE_URL = cluster.urlOfAll();
  const { url } = await throughHaproxy.gateways.start({ DATABASE_URL });
  site = { ...throughHaproxy, urls: [...throughHaproxy.urls, url] };
}, 300_000);

afterEach(async () => {
  await Promise.all(killed.splice(0).map((program) => program.start()));
  await cluster.isWhole(90_000);
}, 120_000);

test('a planned switchover loses nothing', async () => {
  const before = await cluster.primary();
  await drill('the primary is switched over', site, () => cluster.switchOver(), { recoverySeconds: 5 });
  expect((await cluster.primary()).name).not.toBe(before.name);
});

test('a killed postmaster loses nothing', async () => {
  const fault = async () => signalProcess(await (await cluster.primary()).postmaster(), 'SIGKILL');
  await drill('the postmaster of the primary is killed', site, fault, { recoverySeconds: 15 });
});

test('the lost machine of the primary loses nothing', async () => {
  const primary = await cluster.primary();
  killed = [primary];
  await drill('the machine of the primary is killed', site, () => primary.kill(), { recoverySeconds: 30 });
  expect((await cluster.primary()).name).not.toBe(primary.name);
});

test('a frozen machine of the primary loses nothing, also when it returns', async () => {
  const primary = await cluster.primary();
  const fault = async () => {
    await primary.freeze();
    await until('another primary', async () => (await cluster.primary()).name !== primary.name, 60_000);
    await sleep(3000);
    await primary.thaw();
  };
  await drill('the machine of the primary is frozen', site, fault, { recoverySeconds: 5 });
});

test('no request fails while most etcd servers are away', async () => {
  const away = etcd.slice(0, 2);
  const fault = async () => {
    await Promise.all(away.map((member) => member.kill()));
    // Longer than Patroni’s ttl of 20 s.
    await sleep(25_000);
    await Promise.all(away.map((member) => member.start()));
  };
  await drill('most etcd servers are away for 25 s', site, fault, { recoverySeconds: 0, failed: 0 });
});
