/** The application in `examples/react`, as its README starts it: with the server of Vite before the gateway. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { goodPassword, registerUser, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;

let gateway: TestGateway;
let browser: Browser;
let server: ViteDevServer;
let origin: string;
let cacheDir: string;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  cacheDir = await mkdtemp(join(tmpdir(), 'react-example-'));
  [gateway, browser] = await Promise.all([startTestGateway({ CORS_ORIGINS: origin }), startBrowser()]);
  server = await createServer({
    configFile: resolve(import.meta.dirname, '../../examples/react/vite.config.ts'),
    cacheDir,
    logLevel: 'error',
    server: { port, strictPort: true, proxy: { '/graphql': gateway.url } },
  });
  await server.listen();
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await gateway?.stop();
  await rm(cacheDir, { recursive: true, force: true });
});

test('the example signs in, stays signed in after a reload, and signs out', { timeout: 120_000 }, async () => {
  const email = await registerUser(gateway);
  const page = await browser.newPage();
  await page.goto(origin);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
  await page.reload();
  await page.getByText(email).waitFor();
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.getByText(email).count()).toBe(0);
});
