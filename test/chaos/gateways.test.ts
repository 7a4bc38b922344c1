/** Faults and restarts of three gateways behind HAProxy and behind nginx. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { drill, outcomesWithoutGateway, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import type { Gateway } from './support/gateway.ts';
import { startHaproxy } from './support/haproxy.ts';
import { startNginx } from './support/nginx.ts';
import { startPostgres } from './support/postgres.ts';
import { startSite } from './support/site.ts';

const ending = useEnding();
let gateways: Gateway[];
let haproxy: Site;
let nginx: Site;
beforeAll(async () => {
  const postgres = await startPostgres(ending);
  const { all, ...site } = await startSite(ending, postgres.url, { count: 3 });
  gateways = all;
  const ports = all.map(({ port }) => port);
  haproxy = { ...site, urls: [(await startHaproxy(ending, { gateways: ports })).clientsUrl] };
  nginx = { ...site, urls: [await startNginx(ending, ports)] };
}, 240_000);

async function restartAll(): Promise<void> {
  for (const gateway of gateways) {
    expect(await gateway.stop()).toMatchObject({ code: 0 });
    await gateway.start();
  }
}

describe('behind HAProxy', () => {
  test('the loss of one of three gateways fails the requests that it held', async () => {
    const fault = async () => gateways[0]?.kill();
    const limits = { recoverySeconds: 2, failed: 15, outcomes: outcomesWithoutGateway };
    const isDone = drill('HAProxy, one of three gateways is killed', haproxy, fault, limits);
    await isDone.finally(() => gateways[0]?.start());
  });

  test('a frozen gateway is left out after its health check fails', async () => {
    const fault = async () => {
      gateways[1]?.freeze();
      await sleep(8000);
      gateways[1]?.thaw();
    };
    const limits = { recoverySeconds: 2, failed: 40, outcomes: outcomesWithoutGateway };
    await drill('HAProxy, one of three gateways is frozen for 8 s', haproxy, fault, limits);
  });

  test('no request fails while three gateways restart one after the other', async () => {
    await drill('HAProxy, three gateways restart in turn', haproxy, restartAll, { recoverySeconds: 0, failed: 0 });
  });
});

describe('behind nginx', () => {
  test('no request fails while three gateways restart one after the other', async () => {
    await drill('nginx, three gateways restart in turn', nginx, restartAll, { recoverySeconds: 0, failed: 0 });
  });
});
