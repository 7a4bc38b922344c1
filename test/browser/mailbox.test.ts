/** The development mailbox in a real browser: mails look as they should, and whatever stands in one does nothing. */
import fastify, { type FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type MailboxReader, registerDevelopmentMailbox } from '../../src/http/development-mailbox.ts';
import { registerSecurityHeaders } from '../../src/http/security-headers.ts';
import { renderMail } from '../../src/mail/templates.ts';
import { startBrowser } from '../support/browser.ts';
import { mailKinds, sampleMail } from '../support/sample-mails.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const settings = {
  productName: 'Lantern House',
  appUrl: 'http://localhost:4000',
  colour: '#1f4b99',
  logoUrl: null,
  supportUrl: null,
  locale: 'en',
} as const;

type Mails = Awaited<ReturnType<MailboxReader['list']>>;

let browser: Browser;
const servers: FastifyInstance[] = [];
beforeAll(async () => {
  browser = await startBrowser();
}, fetchingMs);
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => browser?.close());

/** @returns the page, what the browser complained of, and which addresses it asked */
async function open(mails: Mails): Promise<{ page: Page; complaints: string[]; asked: string[] }> {
  const server = fastify();
  servers.push(server);
  await registerSecurityHeaders(server, false);
  registerDevelopmentMailbox(server, { list: async () => mails });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const page = await browser.newPage();
  const [complaints, asked]: [string[], string[]] = [[], []];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => asked.push(request.url().replace(url, '')));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  await page.goto(`${url}/dev/mailbox`);
  return { page, complaints, asked };
}

const about = { id: '1', to: 'ada@example.com', sentAt: '2026-03-01T12:34:56.000Z' };

describe('the mailbox', { timeout: 60_000 }, () => {
  test('shows every kind of mail with its style, and neither its policy nor the browser objects', async () => {
    const mails = mailKinds.map((kind) => ({ ...about, ...renderMail(sampleMail(kind), settings) }));
    const { page, complaints, asked } = await open(mails);
    const [first] = page.frames().slice(1);
    const button = first?.locator('a').first();
    expect(await button?.evaluate((element) => getComputedStyle(element).backgroundColor)).toMatch(/^rgb/);
    expect(page.frames()).toHaveLength(mails.length + 1);
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
    expect(asked.filter((path) => !path.startsWith('about:') && path !== '/favicon.ico')).toEqual(['/dev/mailbox']);
    await page.close();
  });

  test('runs nothing that stands in a mail, and sends it nowhere', async () => {
    const thief = fastify();
    servers.push(thief);
    const caught: string[] = [];
    thief.all('*', async ({ url }) => caught.push(url));
    const stolen = `${await thief.listen({ host: '127.0.0.1', port: 0 })}/stolen`;
    const tricks = [
      '<script>document.title = "run"; parent.document.title = "run"</script>',
      '<img src=x onerror="top.document.title = `run`">',
      '"><script>document.title = "run"</script>',
      '<svg onload="document.title = `run`">',
      '<iframe src="javascript:top.document.title = `run`"></iframe>',
      `<meta http-equiv="refresh" content="0;url=${stolen}">`,
      `<form action="${stolen}"><button autofocus onfocus="this.form.submit()">x</button></form>`,
      `<base href="${stolen}">`,
      `<link rel="stylesheet" href="${stolen}">`,
      `<object data="${stolen}"></object>`,
      '</iframe></article><script>document.title = "run"</script>',
    ];
    const mails = tricks.map((html) => ({ ...about, to: html, subject: html, text: html, html }));
    const { page } = await open(mails);
    await page.waitForTimeout(500);
    expect(await page.title()).toBe('Postern - development mailbox');
    expect(await page.locator('h2').allInnerTexts()).toEqual(tricks);
    expect(caught).toEqual([]);
    await page.close();
  });
});
