/**
 * Starts a real Chromium without a window: the one of CHROMIUM_PATH, otherwise the one on the PATH, otherwise the
 * package of the distribution, which is downloaded once.
 */
import { type Browser, chromium } from 'playwright-core';
import { type Executable, findOrFetch } from '../processes/debian-package.ts';

const advice = 'the tests in a browser need Chromium: install it, or set CHROMIUM_PATH to where it is';

/** @throws Error with advice when there is no Chromium and none can be downloaded */
export async function startBrowser(): Promise<Browser> {
  const { path, environment } = await findChromium();
  return chromium.launch({
    executablePath: path,
    env: environment,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // The browser reaches this machine only, wherever the tests run.
      '--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

async function findChromium(): Promise<Executable> {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return { path: CHROMIUM_PATH, environment: process.env };
  return findOrFetch({
    name: 'chromium',
    commands: ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'],
    packages: ['chromium'],
    // Bypasses the shell script of the package, which expects its files where the package would be installed.
    paths: ['usr/lib/chromium/chromium'],
    parts: /^chromium-/,
    versionFlag: '--version',
    advice,
  });
}
