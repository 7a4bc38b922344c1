/** Steps of the clock of one machine: no session ends and no request fails, because verdicts use the database's time. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { drill } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { findFaketime } from './support/packages.ts';
import { startPostgres } from './support/postgres.ts';
import { startSite } from './support/site.ts';

const ending = useEnding();

test('no request fails and no session ends while the clock of one gateway steps by an hour', async () => {
  const postgres = await startPostgres(ending);
  const { gateways, ...others } = await startSite(ending, postgres.url);
  const file = join(await ending.folder(), 'offset');
  const setOffset = (offset: string) => writeFile(file, offset);
  await setOffset('+0s');
  const { url } = await gateways.start({
    LD_PRELOAD: await findFaketime(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // A step of the clock leaves monotonic time alone.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const fault = async () => {
    for (const offset of ['+3600s', '-3600s', '+10s', '+0s']) {
      await setOffset(offset);
      await sleep(6000);
    }
  };
  const site = { ...others, gateways, urls: [...others.urls, url] };
  await drill('the clock of one of two gateways steps by an hour', site, fault, { recoverySeconds: 0, failed: 0 });
}, 300_000);
