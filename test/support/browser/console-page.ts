/** The console in a browser, signed in with the cookie of a session. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { goodPassword } from '../gateway/gateway.ts';

export interface ConsolePage {
  page: Page;
  /** Problems that the browser reports: errors, and violations of the Content-Security-Policy. */
  complaints: string[];
  open(path: string): Promise<void>;
}

export async function openConsole(
  browser: Browser,
  origin: string,
  email: string,
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  const query = `mutation ($input: LoginInput!) { login(input: $input) { ... on AuthSession { csrfToken } } }`;
  const variables = { input: { email, password: goodPassword, delivery: 'COOKIE' } };
  const answer = await context.request.post(`${origin}/graphql`, { data: { query, variables }, headers: { origin } });
  const { data }: { data: { login: { csrfToken: string } } } = await answer.json();
  // As `@postern/client` keeps it.
  const item = { key: `postern:${origin}/graphql:session`, value: data.login.csrfToken };
  await page.addInitScript(({ key, value }) => {
    if (window.localStorage.getItem(key) === null) window.localStorage.setItem(key, value);
  }, item);
  return {
    page,
    complaints,
    async open(path) {
      await page.goto(`${origin}/console/${path}`);
      await page.waitForSelector('h1');
    },
  };
}
