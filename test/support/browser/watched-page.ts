/** A page of the gateway, and everything that the browser complains about: errors, failed files, violations of the policy. */
import AxeBuilder from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface WatchedPage {
  page: Page;
  complaints: string[];
  close(): Promise<void>;
}

/** Chromium reports the status of a refused operation as an error of the console; the pages expect these. */
const expected = /Failed to load resource: the server responded with a status of (401|429|503)/;

export async function openWatched(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      // biome-ignore lint/suspicious/noConsole: the test reads it from there.
      console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !expected.test(message.text()))
      complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** @returns the violations of WCAG 2.2 A and AA, one line each */
export async function axeViolations(page: Page): Promise<string[]> {
  // The policy of the page forbids evaluated scripts in its own world; this runs in the world of the test.
  await page.evaluate(AxeBuilder.source);
  const results = await page.evaluate(async () =>
    Reflect.get(window, 'axe').run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return results.violations.map(
    ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}

/** Adds an authenticator with the fingerprint of the user. */
export async function plugAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable', { enableUI: false });
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
}
