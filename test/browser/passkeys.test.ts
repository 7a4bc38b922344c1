/**
 * Passkeys in a real browser, with its virtual authenticators and the frontend of docs/passkeys.md on localhost: what
 * browsers and authenticators send, and what they and the gateway refuse.
 */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import {
  goodPassword,
  lockoutOff,
  refusal,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { BeginPasskeyLoginDocument, FullPasskeysDocument } from '../support/generated/graphql.ts';
import { challenge } from '../support/people/authenticator.ts';
import { type Frontend, startFrontend } from '../support/people/passkey-frontend.ts';
import { finishLogin } from '../support/people/passkeys.ts';
import { createUser, mailsDecided } from '../support/people/password-attempts.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;

let frontend: Frontend;
/** The same page on another port: the same site for a browser, another origin for the gateway. */
let sibling: Frontend;
let gateway: TestGateway;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let devtools: CDPSession;

beforeAll(async () => {
  [frontend, sibling, browser] = await Promise.all([startFrontend(), startFrontend(), startBrowser()]);
  gateway = await startTestGateway({
    ...lockoutOff,
    APP_URL: frontend.origin,
    CORS_ORIGINS: frontend.origin,
  });
  frontend.connect(gateway.url);
  sibling.connect(gateway.url);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await sibling?.stop();
  await frontend?.stop();
});

beforeEach(async () => {
  context = await browser.newContext();
  ({ page, devtools } = await openPage(frontend.origin));
});
afterEach(() => context.close());

async function openPage(origin: string): Promise<{ page: Page; devtools: CDPSession }> {
  const opened = await context.newPage();
  await opened.goto(origin);
  const session = await context.newCDPSession(opened);
  await session.send('WebAuthn.enable', { enableUI: false });
  return { page: opened, devtools: session };
}

type Kind = Partial<Parameters<typeof plug>[1]>;

/** Adds an authenticator to the page: by default a phone that verifies its owner. @returns its id */
async function plug(
  into: CDPSession,
  kind: { protocol?: 'ctap2' | 'u2f'; transport?: 'internal' | 'usb'; verifies?: boolean; residentKeys?: boolean } = {},
): Promise<string> {
  const { protocol = 'ctap2', transport = 'internal', verifies = true, residentKeys = true } = kind;
  const options = {
    protocol,
    transport,
    hasResidentKey: residentKeys,
    hasUserVerification: verifies,
    isUserVerified: verifies,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await into.send('WebAuthn.addVirtualAuthenticator', { options });
  return authenticatorId;
}

const oldSecurityKey: Kind = { protocol: 'u2f', transport: 'usb', verifies: false, residentKeys: false };

async function keysOf(authenticatorId: string) {
  return (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
}

/** Runs a function in the page. @returns its value, or the name and message of the error */
async function run(expression: string, on = page): Promise<unknown> {
  return on.evaluate(`(async () => ${expression})().catch(({ name, message }) => name === 'Error' ? message : name)`);
}

/** A page with a user that signed in with a password. */
async function newPerson(): Promise<{ email: string; id: string; accessToken: string }> {
  const email = await createUser(gateway);
  const { accessToken, viewer } = await signIn(gateway, email);
  await run(`{ accessToken = ${JSON.stringify(accessToken)}; }`);
  return { email, id: viewer.id, accessToken };
}

const signOut = () => run('{ accessToken = null; }');
const register = (name = 'Laptop', on = page) => run(`addPasskey(${JSON.stringify(name)})`, on);
const passkeysOf = async (accessToken: string) =>
  (await gateway.send(FullPasskeysDocument, {}, accessToken)).viewer?.passkeys ?? [];
const ticketOf = async (email: string) => (await challenge(gateway, email)).ticket;
const signInAlone = (on = page) => run('signInWithPasskey()', on);
const secondStep = (ticket: string, on = page) => run(`signInWithPasskey(${JSON.stringify(ticket)})`, on);

const sessionOf = (id: string) => ({
  accessToken: expect.any(String),
  viewer: { id },
  session: { assurance: 'AAL2' },
});

describe('in a browser', { timeout: 60_000 }, () => {
  test('a passkey is registered, with the name of the account and ten backup codes', async () => {
    const phone = await plug(devtools);
    const person = await newPerson();
    const { passkey, backupCodes } = Object(await register('Laptop'));
    expect(backupCodes).toHaveLength(10);
    expect(await passkeysOf(person.accessToken)).toMatchObject([{ id: passkey.id, name: 'Laptop', lastUsedAt: null }]);
    expect(await keysOf(phone)).toMatchObject([
      {
        rpId: 'localhost',
        isResidentCredential: true,
        userHandle: Buffer.from(person.id).toString('base64'),
        userName: person.email,
      },
    ]);
  });

  test('the same device is not registered twice, and a second device is', async () => {
    const phone = await plug(devtools);
    const { accessToken } = await newPerson();
    await register();
    expect(await register()).toBe('InvalidStateError');
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: phone });
    await plug(devtools);
    expect(await register('Tablet')).toMatchObject({ backupCodes: null });
    expect(await passkeysOf(accessToken)).toMatchObject([{ name: 'Laptop' }, { name: 'Tablet' }]);
  });

  test('a passkey signs in without a password, repeatedly', async () => {
    const phone = await plug(devtools);
    const { id, accessToken } = await newPerson();
    await register();
    await signOut();
    for (let times = 0; times < 3; times += 1) expect(await signInAlone()).toMatchObject(sessionOf(id));
    const [key] = await keysOf(phone);
    expect(key?.signCount).toBeGreaterThan(2);
    expect(await passkeysOf(accessToken)).toMatchObject([{ lastUsedAt: gateway.clock.now().toISOString() }]);
  });

  test('a passkey is the second step after the password', async () => {
    await plug(devtools);
    const { email, id } = await newPerson();
    await register();
    await signOut();
    expect(await secondStep(await ticketOf(email))).toMatchObject(sessionOf(id));
  });

  test('an old security key is a second step, and cannot sign in alone', async () => {
    await plug(devtools, oldSecurityKey);
    const { email, id } = await newPerson();
    expect(await register('Old key')).toMatchObject({ passkey: { id: expect.any(String) } });
    await signOut();
    expect(await secondStep(await ticketOf(email))).toMatchObject(sessionOf(id));
    // The browser waits for another authenticator; the page would let the user cancel.
    const waits = run(`Promise.race([signInWithPasskey(), new Promise((end) => setTimeout(end, 2000, 'nothing'))])`);
    expect(['nothing', 'NotAllowedError']).toContain(await waits);
  });

  test('two users of one device each sign in to their own account', async () => {
    const phone = await plug(devtools);
    const ada = await newPerson();
    await register();
    const grace = await newPerson();
    await register();
    expect(await keysOf(phone)).toHaveLength(2);
    await signOut();
    for (const { email, id } of [ada, grace, ada]) {
      expect(await secondStep(await ticketOf(email))).toMatchObject(sessionOf(id));
    }
    // Without user interaction the browser chooses one of the two passkeys.
    const chosen = Object(await signInAlone());
    expect([ada.id, grace.id]).toContain(chosen.viewer.id);
    // With a device that has only the passkey of the second user, it signs in the second user.
    const keys = await keysOf(phone);
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: phone });
    const authenticatorId = await plug(devtools);
    for (const credential of keys.filter(({ userName }) => userName === grace.email)) {
      await devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
    }
    expect(await signInAlone()).toMatchObject(sessionOf(grace.id));
  });

  test('a passkey without user verification does not sign in alone, whatever the page requests', async () => {
    const phone = await plug(devtools);
    const { email, id } = await newPerson();
    await register();
    await signOut();
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId: phone, isUserVerified: false });
    expect(await signInAlone()).toBe('NotAllowedError');
    // A page that asks for less gets a signature without user verification, which the gateway refuses.
    await run(`{
      const parse = PublicKeyCredential.parseRequestOptionsFromJSON;
      PublicKeyCredential.parseRequestOptionsFromJSON = (options) =>
        parse.call(PublicKeyCredential, { ...options, userVerification: 'discouraged' });
    }`);
    expect(await signInAlone()).toBe('INVALID_CREDENTIALS');
    expect(await secondStep(await ticketOf(email))).toMatchObject(sessionOf(id));
  });

  test('a response of the browser works once', async () => {
    await plug(devtools);
    const { id } = await newPerson();
    await register();
    await signOut();
    const response = await answerOn(page);
    expect((await finishLogin(gateway, response)).viewer.id).toBe(id);
    expect((await refusal(finishLogin(gateway, response))).code).toBe('INVALID_CREDENTIALS');
  });

  test('the gateway refuses a page of another origin on the same site, and the browser refuses one on another site', async () => {
    const phone = await plug(devtools);
    await newPerson();
    await register();
    const [credential] = await keysOf(phone);
    if (!credential) throw new Error('the authenticator has no key');
    const near = await openPage(sibling.origin);
    const authenticatorId = await plug(near.devtools);
    await near.devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
    const response = await answerOn(near.page);
    expect((await refusal(finishLogin(gateway, response))).code).toBe('INVALID_CREDENTIALS');
    const far = await openPage(frontend.addressOrigin);
    await plug(far.devtools);
    const options = { challenge: 'AAAA', rpId: 'localhost', userVerification: 'required' };
    const asked = `navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)}) })`;
    expect(await run(asked, far.page)).toBe('SecurityError');
  });

  test('the counter exposes a copied key', async () => {
    const phone = await plug(devtools);
    const { email } = await newPerson();
    await register();
    await signOut();
    const [copy] = await keysOf(phone);
    if (!copy) throw new Error('the authenticator has no key');
    await signInAlone();
    await signInAlone();
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: phone });
    const authenticatorId = await plug(devtools);
    await devtools.send('WebAuthn.addCredential', { authenticatorId, credential: copy });
    expect(await signInAlone()).toBe('INVALID_CREDENTIALS');
    expect(await mailsDecided(gateway.database, 'passkey_clone_suspected', email)).toBe(1);
  });

  test('the device offers a removed passkey, and the gateway refuses it', async () => {
    await plug(devtools);
    const { email } = await newPerson();
    const { passkey } = Object(await register());
    await run(
      `api('mutation ($id: ID!) { removePasskey(input: { id: $id }) { viewer { id } } }', ${JSON.stringify({ id: passkey.id })})`,
    );
    await signOut();
    expect(await signInAlone()).toBe('INVALID_CREDENTIALS');
    expect((await signIn(gateway, email, goodPassword)).session.assurance).toBe('AAL1');
  });
});

/** What the browser would send from this page for a challenge of the gateway. */
async function answerOn(on: Page): Promise<Record<string, unknown>> {
  const { beginPasskeyLogin } = await gateway.send(BeginPasskeyLoginDocument, { input: {} });
  const json = await on.evaluate<string>(`(async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(beginPasskeyLogin.options)});
    return JSON.stringify(await navigator.credentials.get({ publicKey }));
  })()`);
  return JSON.parse(json);
}
