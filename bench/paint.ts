/**
 * When do the pages show their largest element (Largest Contentful Paint), in a Chromium with empty cache and a quarter of the
 * processor? The fastest and the median of six visits; the design wants less than a second. Asserts nothing.
 *
 * `npm run build && node bench/paint.ts`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { startBrowser } from '../test/support/browser/browser.ts';
import { firstPages, slowProcessor, visitPage } from '../test/support/browser/painted.ts';
import { addressOf, createUsers } from './cost/users.ts';
import { environmentOf, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const visits = 6;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const settings = { PAGES: 'all', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8', RATE_LIMITS: 'login=off,admin=off' };
  const gateway = await startGateway(folder, environmentOf(postgres.url, settings));
  const browser = await startBrowser();
  try {
    await createUsers(gateway.url, postgres.url, 20);
    await makeAdministrator(postgres.url, addressOf(0));
    for (const { path, signedIn } of firstPages) {
      const visit = { width: 1440, email: signedIn ? addressOf(0) : null, prepare: slowProcessor };
      const times: number[] = [];
      while (times.length < visits) times.push((await visitPage(browser, gateway.url + path, visit)).largestMs);
      const [fastest, median] = [Math.min(...times), quantile(times, 0.5)].map((ms) => `${Math.round(ms)} ms`);
      process.stdout.write(`${path.padEnd(22)} fastest ${fastest}, median ${median}\n`);
    }
  } finally {
    await browser.close();
    await gateway.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeAdministrator(databaseUrl: string, email: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(`update users set role_name = 'SUPER_ADMIN' where email = $1`, [email]);
  await client.end();
}

await main();
