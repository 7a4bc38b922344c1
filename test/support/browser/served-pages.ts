/** The built pages of a gateway in a real browser: the problems that it reports, accessibility, and the session of a user. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { goodPassword } from '../gateway/good-password.ts';

/** What axe-core reports for the page: WCAG 2.2 A and AA, and best practice. One line a problem. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const options: RunOptions = { resultTypes: ['violations'] };
  const { violations } = await page.evaluate(
    (run): Promise<AxeResults> => Reflect.get(window, 'axe').run(document, run),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
  );
}

/** Problems that the browser reports from now on: errors, warnings, violations of the Content-Security-Policy. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}

/** Waits until the page has its content. The stream of session events stays open, so the network is never idle. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => document.querySelector('.skeleton, .loading, [aria-busy=true]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** How far the page can be scrolled sideways, in pixels. */
export function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

/** Starts a session as the sign-in page does: the cookie from the gateway, the CSRF token where the client keeps it. */
export async function signInPages(page: Page, origin: string, email: string): Promise<void> {
  await page.goto(`${origin}/account/sign-in`);
  await page.evaluate(
    async ([address, password]) => {
      const query =
        'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthSession { csrfToken session { id } } } }';
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { input: { email: address, password, delivery: 'COOKIE' } } }),
      });
      const { data } = await response.json();
      const stored = { sessionId: data.login.session.id, token: data.login.csrfToken };
      localStorage.setItem(`postern:${location.origin}/graphql:session`, JSON.stringify(stored));
    },
    [email, goodPassword],
  );
}
