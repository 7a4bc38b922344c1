/**
 * A real Chromium, without a window. CHROMIUM_PATH names one; otherwise the one on the PATH, otherwise the
 * distribution's package, which is fetched once.
 */
import { type Browser, chromium } from 'playwright-core';
import { type Executable, findOrFetch } from '../processes/debian-package.ts';

const advice = 'the tests in a browser need Chromium: install it, or set CHROMIUM_PATH to where it is';

/** @throws Error that says what to install, when there is no Chromium and none can be fetched */
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
      // Nobody is reached but this machine, wherever the tests run.
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
    // Past the package's shell script, which looks for the rest of itself where it would be installed.
    paths: ['usr/lib/chromium/chromium'],
    parts: /^chromium-/,
    versionFlag: '--version',
    advice,
  });
}
