/** What a browser reports about a page that it has never seen: when its largest element was shown, and what moved. */
import type { Browser, Page } from 'playwright-core';
import { settled, signInPages } from './served-pages.ts';

export interface Painted {
  /** Milliseconds from the start of the navigation to the last largest element. */
  largestMs: number;
  /** The share of the page that moved without a click. A browser calls 0.1 good. */
  shift: number;
  moved: string[];
}

export interface Visit {
  width: number;
  /** Who is signed in; null: nobody. */
  email: string | null;
  prepare(page: Page): Promise<unknown>;
}

export async function visitPage(browser: Browser, address: string, { width, email, prepare }: Visit): Promise<Painted> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  if (email !== null) await signInPages(page, new URL(address).origin, email);
  await page.goto('about:blank');
  await page.addInitScript(observePaints);
  await prepare(page);
  await page.goto(address);
  await settled(page);
  const painted = await page.evaluate((): Painted => Reflect.get(window, 'painted'));
  await context.close();
  return painted;
}

/** Runs in the page. */
function observePaints(): void {
  const painted: Painted = { largestMs: 0, shift: 0, moved: [] };
  Reflect.set(window, 'painted', painted);
  const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('largest-contentful-paint', ({ startTime }) => {
    painted.largestMs = startTime;
  });
  observe('layout-shift', (entry) => {
    painted.shift += Number(Reflect.get(entry, 'value'));
    for (const { node } of Reflect.get(entry, 'sources')) painted.moved.push(`${node?.nodeName} ${node?.className}`);
  });
}

/** Four times slower, and without cached files. */
export async function slowProcessor(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Answers late enough for skeletons to appear. */
export async function slowAnswers(page: Page): Promise<void> {
  await page.route('**/graphql', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
}

/** The pages that a new user and an administrator see first. */
export const firstPages = [
  { path: '/account/sign-in', signedIn: false },
  { path: '/account/register', signedIn: false },
  { path: '/account/security', signedIn: true },
  { path: '/account/sessions', signedIn: true },
  { path: '/account/keys', signedIn: true },
  { path: '/console/overview', signedIn: true },
  { path: '/console/users', signedIn: true },
  { path: '/console/audit', signedIn: true },
];
