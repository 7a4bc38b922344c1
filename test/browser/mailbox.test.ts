/**
 * The development mailbox in a real browser: mails are displayed in their style, and the content of a mail is harmless.
 */
import fastify, { type FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type MailboxMail, registerMailbox } from '../../src/http/pages/mailbox.ts';
import { registerSecurityHeaders } from '../../src/http/security-headers.ts';
import { renderMail } from '../../src/mail/templates.ts';
import { startBrowser } from '../support/browser/browser.ts';
import { mailKinds, sampleMail } from '../support/mail/sample-mails.ts';

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

let browser: Browser;
const servers: FastifyInstance[] = [];
beforeAll(async () => {
  browser = await startBrowser();
}, fetchingMs);
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => browser?.close());

/** @returns the page of the mailbox, and the problems that the browser reports */
async function open(mails: readonly MailboxMail[]): Promise<{ page: Page; url: string; complaints: string[] }> {
  const server = fastify();
  servers.push(server);
  await registerSecurityHeaders(server, false);
  registerMailbox(server, { list: async () => [...mails] }, 'http://localhost:4000');
  server.get('/verify-email', (_request, reply) => reply.type('text/html').send('<title>The page of the link</title>'));
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  await page.goto(`${url}/dev/mailbox`);
  return { page, url, complaints };
}

const about = { id: '1', to: 'ada@example.com', sentAt: '2026-03-01T12:34:56.000Z' };

describe('The mailbox', { timeout: 60_000 }, () => {
  test('shows each kind of mail in its style, without an error in the browser', async () => {
    const mails = mailKinds.map((kind) => ({ ...about, id: kind, ...renderMail(sampleMail(kind), settings) }));
    const { page, url, complaints } = await open(mails);
    for (const { id, subject } of mails) {
      await page.goto(`${url}/dev/mailbox?mail=${id}`);
      expect(await page.locator('h2').innerText()).toBe(subject);
      const mail = page.frameLocator('iframe');
      expect(await mail.locator('h1').innerText()).toBe(subject);
      const card = mail.locator('.card');
      expect(await card.evaluate((element) => getComputedStyle(element).borderRadius)).toBe('8px');
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('opens the newest mail first and fits the frame to it', async () => {
    const mails = ['one', 'two', 'three'].map((id) => ({
      ...about,
      id,
      subject: `Mail ${id}`,
      text: id,
      html: `<html><head></head><body><p style="height: 150px">${id}</p></body></html>`,
    }));
    const { page } = await open(mails);
    expect(await page.locator('nav a').evaluateAll((links) => links.map((link) => link.textContent))).toEqual(
      mails.map(({ subject }) => `${subject}ada@example.com2026-03-01 12:34 UTC`),
    );
    expect(await page.locator('nav a[aria-current]').innerText()).toContain('Mail one');
    const height = await page.locator('iframe').evaluate((frame) => frame.getBoundingClientRect().height);
    expect(height).toBeGreaterThan(150);
    expect(height).toBeLessThan(250);
    await page.close();
  });

  test('opens the link of a mail in a new tab when its button is clicked', async () => {
    const link = (url: string) => `<a href="${url}/verify-email#token=abc">Confirm</a>`;
    const mails: MailboxMail[] = [];
    const { page, url } = await open(mails);
    mails.push({
      ...about,
      subject: 'Confirm your address',
      text: 'Confirm',
      html: `<html><head></head><body>${link(url)}</body></html>`,
    });
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.frameLocator('iframe').locator('a').click(),
    ]);
    await tab.waitForLoadState();
    expect(tab.url()).toBe(`${url}/verify-email#token=abc`);
    expect(await tab.title()).toBe('The page of the link');
    expect(await page.locator('h2').innerText()).toBe('Confirm your address');
    await tab.close();
    await page.close();
  });

  test('shows a new mail without a reload', async () => {
    const mails: MailboxMail[] = [];
    const { page } = await open(mails);
    expect(await page.locator('main').innerText()).toBe('No mail yet. Register an account.');
    mails.unshift({ ...about, subject: 'It has arrived', text: '', html: '<html><head></head><body></body></html>' });
    await page.waitForSelector('h2');
    expect(await page.locator('h2').innerText()).toBe('It has arrived');
    await page.close();
  });

  test('runs no script of a mail and sends no request to another server', async () => {
    const attacker = fastify();
    servers.push(attacker);
    const received: string[] = [];
    attacker.all('*', async ({ url }) => received.push(url));
    const stolen = `${await attacker.listen({ host: '127.0.0.1', port: 0 })}/stolen`;
    const hostileTexts = [
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
    const mails = hostileTexts.map((html, index) => ({
      ...about,
      id: String(index),
      to: html,
      subject: html,
      text: html,
      html: `<head></head>${html}`,
    }));
    const { page, url } = await open(mails);
    for (const { id, subject } of mails) {
      await page.goto(`${url}/dev/mailbox?mail=${id}`);
      await page.frameLocator('iframe').locator('body').waitFor({ state: 'attached' });
      expect(await page.title()).toBe('Development mailbox · Postern');
      expect(await page.locator('h2').allInnerTexts()).toEqual([subject]);
    }
    await page.close();
    expect(received).toEqual([]);
  });
});
