/** A page in a context of its own, with everything that the browser complains about. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { complaintsOf } from './served-pages.ts';

export interface WatchedPage {
  page: Page;
  /** Expected ones are removed by the test. */
  complaints: string[];
  close(): Promise<void>;
}

export async function openWatched(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  return { page, complaints: complaintsOf(page), close: () => context.close() };
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
