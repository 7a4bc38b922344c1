/** An upgrade without an interruption: the previous version serves while migrations run and instances are replaced. */
import { beforeAll, expect, test } from 'vitest';
import { mainFile } from '../support/processes/processes.ts';
import { drill, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import type { Gateway } from './support/gateway.ts';
import { startHaproxy } from './support/haproxy.ts';
import { startPostgres } from './support/postgres.ts';
import { buildPreviousVersion } from './support/previous-version.ts';
import { startSite } from './support/site.ts';

const ending = useEnding();
let instances: Gateway[];
let site: Site;
beforeAll(async () => {
  const [postgres, main] = await Promise.all([startPostgres(ending), buildPreviousVersion(ending)]);
  const { all, ...others } = await startSite(ending, postgres.url, { count: 3, main });
  instances = all;
  const haproxy = await startHaproxy(ending, { gateways: all.map(({ port }) => port) });
  site = { ...others, urls: [haproxy.clientsUrl] };
}, 400_000);

test('no request fails while migrations run and instances of the next version replace the previous ones', async () => {
  const fault = async () => {
    expect(await site.gateways.run(['migrate'])).toMatchObject({ code: 0 });
    for (const instance of instances) {
      expect(await instance.stop()).toMatchObject({ code: 0 });
      await instance.start(mainFile);
    }
  };
  await drill('migration and replacement of three gateways', site, fault, { recoverySeconds: 0, failed: 0 });
});
