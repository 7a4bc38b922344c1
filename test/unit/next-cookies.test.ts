/** The sealed cookies of `@postern/react/next`, and its options. */
import { randomBytes } from 'node:crypto';
import { parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { LogoutDocument, RefreshDocument } from '../../packages/client/src/generated/operations.ts';
import { deliversTokens, withoutTokens } from '../../packages/react/src/next/answers.ts';
import { logoutDocument, refreshDocument } from '../../packages/react/src/next/documents.ts';
import { KeptSessions } from '../../packages/react/src/next/kept-session.ts';
import { readOptions } from '../../packages/react/src/next/options.ts';
import { isSameOrigin } from '../../packages/react/src/next/same-origin.ts';
import {
  type CookieChange,
  cookieHeaderAfter,
  readCookies,
  SealedCookie,
  setCookieLine,
} from '../../packages/react/src/next/sealed-cookie.ts';
import { createSealer } from '../../packages/react/src/next/sealer.ts';

const secret = () => Uint8Array.from(randomBytes(32));
const name = '__Host-postern_next';
const noCookies = () => undefined;
const headerOf = (changes: readonly CookieChange[]) => cookieHeaderAfter(null, changes);

describe('a sealed cookie', () => {
  test('is read with its secret, and with the previous one while it is rotated', async () => {
    const [first, second, third] = [secret(), secret(), secret()];
    const cookie = (...secrets: Uint8Array<ArrayBuffer>[]) => new SealedCookie(createSealer(secrets), name);
    const changes = await cookie(first).write('a session', 60, noCookies);
    const read = readCookies(headerOf(changes));
    expect(await cookie(first).read(read)).toBe('a session');
    expect(await cookie(second, first).read(read)).toBe('a session');
    expect(await cookie(second, third).read(read)).toBeNull();
    expect(changes[0]?.value).not.toContain('session');
  });

  test('is not read after any change, nor as another cookie', async () => {
    const sealer = createSealer([secret()]);
    const [change] = await new SealedCookie(sealer, name).write('a session', 60, noCookies);
    const sealed = change?.value ?? '';
    for (const place of [0, 16, sealed.length - 1]) {
      const other = sealed[place] === 'A' ? 'B' : 'A';
      expect(await sealer.open(name, sealed.slice(0, place) + other + sealed.slice(place + 1))).toBeNull();
    }
    for (const wrong of ['', 'A', 'not base64url!', sealed.slice(1)]) expect(await sealer.open(name, wrong)).toBeNull();
    expect(await sealer.open(`${name}_device`, sealed)).toBeNull();
    expect(await sealer.open(name, sealed)).toBe('a session');
  });

  test('above 3.5 kB is split, and a shorter value leaves no part behind', async () => {
    const cookie = new SealedCookie(createSealer([secret()]), name);
    const long = randomBytes(3500).toString('hex').slice(0, 4000);
    const parts = await cookie.write(long, 60, noCookies);
    expect(parts.map((part) => part.name)).toEqual([name, `${name}.1`]);
    for (const part of parts) expect(setCookieLine(part).length).toBeLessThan(4096);
    const read = readCookies(headerOf(parts));
    expect(await cookie.read(read)).toBe(long);
    const shorter = await cookie.write('short', 60, read);
    const header = cookieHeaderAfter(headerOf(parts), shorter);
    expect(await cookie.read(readCookies(header))).toBe('short');
    expect(shorter.at(-1)).toEqual({ name: `${name}.1`, value: '', maxAgeSeconds: 0 });
    expect(cookie.remove(read).map((change) => change.name)).toEqual([name, `${name}.1`]);
    await expect(cookie.write('x'.repeat(9000), 60, noCookies)).rejects.toThrow(/longer than/);
  });

  test('is HttpOnly, Secure and Lax, for this host and every path', () => {
    expect(setCookieLine({ name, value: 'x', maxAgeSeconds: 60 })).toBe(
      `${name}=x; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax`,
    );
  });

  test('with other content is no session', async () => {
    const sealer = createSealer([secret()]);
    for (const text of ['{}', '{"refreshToken":1,"maxAgeSeconds":1}', '[]']) {
      const changes = await new SealedCookie(sealer, name).write(text, 60, noCookies);
      expect(await new KeptSessions(sealer).read(readCookies(headerOf(changes)))).toBeNull();
    }
  });
});

test('the cookie header of a forwarded request has the new values and keeps the others', () => {
  const changes = [
    { name: 'a', value: '3', maxAgeSeconds: 60 },
    { name: 'c', value: '', maxAgeSeconds: 0 },
  ];
  expect(cookieHeaderAfter('a=1; b=2=2; c=4', changes)).toBe('b=2=2; a=3');
  expect(cookieHeaderAfter('c=4', changes.slice(1))).toBeNull();
});

test('an answer loses its access tokens under every name, and a token keeps its placeholder', async () => {
  const [one, other] = ['eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIyIn0.c2ln'];
  const cleaned = await withoutTokens(`{"data":{"login":{"renamed":"${one}","accessToken":"${other}"}}}`);
  expect(cleaned.accessToken).toBe(other);
  expect(cleaned.text).not.toContain('eyJ');
  const { renamed, accessToken } = JSON.parse(cleaned.text).data.login;
  expect(renamed).not.toBe(accessToken);
  expect((await withoutTokens(`"${one}"`)).text).toBe(`"${renamed}"`);
  expect(deliversTokens('{"refreshToken":"x"}')).toBe(true);
  expect(deliversTokens('{"refreshToken":null}')).toBe(false);
});

test.each([
  [true, { 'sec-fetch-site': 'same-origin' }],
  [false, { 'sec-fetch-site': 'same-site', origin: 'https://app.example.com', host: 'app.example.com' }],
  [false, { 'sec-fetch-site': 'cross-site' }],
  [false, { 'sec-fetch-site': 'none' }],
  [true, { origin: 'https://app.example.com', host: 'app.example.com' }],
  [true, { origin: 'https://app.example.com', host: '10.0.0.7:3000', 'x-forwarded-host': 'app.example.com' }],
  [false, { origin: 'https://app.example.com.evil.example', host: 'app.example.com' }],
  [false, { origin: 'null', host: 'app.example.com' }],
  [false, { host: 'app.example.com' }],
  [false, {}],
])('same origin is %s for %j', (expected, headers) => {
  expect(isSameOrigin(new Headers(Object.entries(headers)))).toBe(expected);
});

test.each([
  ['url', { url: 'auth.example.com' }],
  ['url', { url: 'https://user:pass-77@auth.example.com' }],
  ['cookieSecret', { cookieSecret: 'short-secret-77' }],
  ['cookieSecret', { cookieSecret: '' }],
])('a wrong option is named, without its value: %s', (option, wrong) => {
  const right = { url: 'https://auth.example.com', cookieSecret: randomBytes(32).toString('base64') };
  expect(() => readOptions(right)).not.toThrow();
  const read = () => readOptions({ ...right, ...wrong });
  expect(read).toThrow(`Invalid option of createPosternNext. ${option}:`);
  expect(read).not.toThrow('77');
});

test('the documents are those of the client, so that a manifest of trusted documents has both', () => {
  expect(refreshDocument).toBe(print(parse(String(RefreshDocument))));
  expect(logoutDocument).toBe(print(parse(String(LogoutDocument))));
});
