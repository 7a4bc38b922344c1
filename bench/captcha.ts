/**
 * What does a captcha by proof of work cost the gateway, and how long does a browser compute? The browser is Chromium on the
 * account pages of a built gateway, at full speed and at a quarter of it. Asserts nothing.
 *
 * `npm run build && node bench/captcha.ts [samples]`
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Browser } from 'playwright-core';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { ProofOfWork } from '../src/security/proof-of-work.ts';
import { startBrowser } from '../test/support/browser/browser.ts';
import { throttlePages } from '../test/support/browser/throttle.ts';
import { solve, tokenOf } from '../test/support/people/captcha-solver.ts';
import { environmentOf, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const samples = Number(process.argv[2] ?? 20);
const slowDowns = [1, 4];

async function main(): Promise<void> {
  await measureGateway();
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const settings = { CAPTCHA: 'altcha', PAGES: 'account', RATE_LIMITS: 'requestPasswordReset=off,captcha=off' };
  const gateway = await startGateway(folder, environmentOf(postgres.url, settings));
  const browser = await startBrowser();
  try {
    for (const slowDown of slowDowns) await measureBrowser(browser, gateway.url, slowDown);
  } finally {
    await browser.close();
    await gateway.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureGateway(): Promise<void> {
  const proofOfWork = new ProofOfWork([createSecretKey(randomBytes(32))], {
    admit: (work) => work(() => undefined),
    run: (work) => work(),
  });
  const creating: number[] = [];
  const checking: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begun = performance.now();
    const challenge = proofOfWork.create('REGISTER', new Date());
    creating.push(performance.now() - begun);
    const token = tokenOf(await solve(challenge));
    const presented = performance.now();
    const solution = proofOfWork.open(token, 'REGISTER');
    if (!solution || !(await proofOfWork.isSolved(solution, async () => true)))
      throw new Error('the solution was refused');
    checking.push(performance.now() - presented);
  }
  report('gateway: a challenge', creating);
  report('gateway: a solution', checking);
}

/** From the answer with the challenge to the request with the token. */
async function measureBrowser(browser: Browser, url: string, slowDown: number): Promise<void> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const page = await browser.newPage();
    await page.goto(`${url}/account/forgot-password`);
    const submit = page.getByRole('button', { name: /Send/ });
    const field = page.getByLabel('Email address');
    await submit.waitFor();
    const throttle = slowDown === 1 ? null : throttlePages(slowDown);
    const asked = page.waitForResponse((response) => isOperation(response.request().postData(), 'Captcha'));
    const sent = page.waitForRequest((request) => isOperation(request.postData(), 'RequestPasswordReset'), {
      timeout: 60_000,
    });
    await field.fill(`person${sample}@example.com`);
    const begun = asked.then(() => performance.now());
    await submit.click();
    await sent;
    times.push(performance.now() - (await begun));
    throttle?.end();
    await page.close();
  }
  report(`browser: at 1/${slowDown} of its speed`, times);
}

function isOperation(body: string | null, name: string): boolean {
  return new RegExp(`(query|mutation) ${name}\\b`).test(body ?? '');
}

function report(what: string, times: readonly number[]): void {
  const [median, p90, most] = [0.5, 0.9, 1].map((part) => quantile(times, part).toFixed(2));
  process.stdout.write(`${what.padEnd(32)} median ${median} ms, 90th percentile ${p90} ms, longest ${most} ms\n`);
}

await main();
