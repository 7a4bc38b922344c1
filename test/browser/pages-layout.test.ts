/** Nothing on the pages moves while answers arrive. Needs `npm run build`. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { firstPages, slowAnswers, visitPage } from '../support/browser/painted.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const slow = { timeout: 120_000 };
/** Half of what a browser calls good: a list may have more or fewer rows than its skeleton. */
const shiftBudget = 0.05;

let gateway: TestGateway;
let origin: string;
let browser: Browser;
let admin: UserWithRole;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  const settings = { PORT: new URL(origin).port, PUBLIC_URL: origin, APP_URL: '', PAGES: 'all' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
  ]);
  admin = await createUserWithRole(gateway, 'SUPER_ADMIN', 'Ada Lovelace');
  await createUserWithRole(gateway, 'USER', 'Grace Hopper');
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

const looks = firstPages.flatMap((page) => [1440, 390].map((width) => ({ ...page, width })));

test.each(looks)('$path keeps its layout, $width pixels wide', slow, async ({ path, signedIn, width }) => {
  const email = signedIn ? admin.email : null;
  const { shift, moved } = await visitPage(browser, origin + path, { width, email, prepare: slowAnswers });
  expect(shift < shiftBudget ? [] : [shift, ...moved]).toEqual([]);
});
