/** A bad network between gateways and PostgreSQL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, test } from 'vitest';
import { drill, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { startPostgres } from './support/postgres.ts';
import { startSite } from './support/site.ts';
import { type SlowLink, startSlowLink } from './support/slow-link.ts';

const ending = useEnding();
let link: SlowLink;
let site: Site;
beforeAll(async () => {
  const postgres = await startPostgres(ending);
  link = await startSlowLink(ending, postgres.url);
  site = await startSite(ending, link.url, { count: 2, direct: () => postgres.url });
}, 240_000);

test('no request fails on a network with 50 ms between two packets', async () => {
  const fault = async () => {
    link.delay(25);
    await sleep(10_000);
    link.delay(0);
  };
  await drill('each packet takes 25 ms for 10 s', site, fault, { recoverySeconds: 0, failed: 0 });
});

test('connections that a black hole has taken are replaced', async () => {
  const fault = async () => {
    link.blackHole(true);
    await sleep(10_000);
    link.blackHole(false);
  };
  await drill('no packet arrives for 10 s', site, fault, { recoverySeconds: 4 });
});
