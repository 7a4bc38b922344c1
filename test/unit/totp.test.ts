/**
 * Codes of authenticator apps (security/factors/totp.ts), checked with the vectors of RFC 6238 and an independent
 * implementation.
 */
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import {
  canonicalTotpCode,
  drawQrCode,
  newTotpSecret,
  otpauthUri,
  timeStepOf,
} from '../../src/security/factors/totp.ts';
import { codeAt } from '../support/people/authenticator.ts';

/** RFC 6238, appendix B: the ASCII text "12345678901234567890" in base32, and codes of eight digits. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const vectors: [number, string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
];
const at = (seconds: number) => new Date(seconds * 1000);
const now = at(1_700_000_010);

describe('a code', () => {
  test.each(vectors)('of RFC 6238 at %i is accepted with its last six digits', (seconds, code) => {
    expect(codeAt(rfcSecret, at(seconds), 8)).toBe(code);
    expect(timeStepOf(code.slice(2), rfcSecret, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  test.each([
    [-60, false],
    [-30, true],
    [0, true],
    [30, true],
    [60, false],
  ])('of %i seconds away: accepted is %s, and its own step is returned', (seconds, isTaken) => {
    const code = codeAt(rfcSecret, at(now.getTime() / 1000 + seconds));
    const step = Math.floor((now.getTime() / 1000 + seconds) / 30);
    expect(timeStepOf(code, rfcSecret, now)).toBe(isTaken ? step : null);
  });

  test.each([
    '',
    '12345',
    '1234567',
    'abcdef',
    '１２３４５６',
    '12 345',
    '-12345',
    '1e5',
    '０'.repeat(6),
    '\u0000',
    '9'.repeat(1e5),
  ])('that is malformed (%j) is wrong, and throws nothing', (code) => {
    expect(timeStepOf(code.slice(0, 200_000), rfcSecret, now)).toBeNull();
  });

  test.each([
    ['123 456', 'a blank'],
    ['123-456', 'a dash'],
    ['123\u2013456', 'an en dash'],
    ['123\u2212456', 'a minus sign'],
    ['123\u00a0456', 'a no-break space'],
    ['\t123456\r\n', 'white space around'],
    ['\u200e123456\u200f', 'direction marks'],
    ['\ufeff123\u200b456', 'invisible characters'],
    ['\uff11\uff12\uff13\uff14\uff15\uff16', 'full-width digits'],
    ['\u0661\u0662\u0663\u0664\u0665\u0666', 'Arabic-Indic digits'],
    ['\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6', 'Persian digits'],
    ['\u0967\u0968\u0969\u096a\u096b\u096c', 'Devanagari digits'],
    ['\ud835\udfcf\ud835\udfd0\ud835\udfd1\ud835\udfd2\ud835\udfd3\ud835\udfd4', 'bold digits'],
    ['\ud803\udd31\ud803\udd32\ud803\udd33\ud803\udd34\ud803\udd35\ud803\udd36', 'Hanifi Rohingya digits'],
  ])('typed as %j is read as 123456 (%s)', (text) => {
    expect(canonicalTotpCode(text)).toBe('123456');
  });

  test('of a million marks is rejected before it is normalised', () => {
    const marks = '\u0345\u0316'.repeat(500_000);
    const start = performance.now();
    expect(canonicalTotpCode(`123456${marks}`)).toBeNull();
    expect(performance.now() - start).toBeLessThan(100);
  });

  test('of another secret is wrong', () => {
    expect(timeStepOf(codeAt(newTotpSecret(), now), rfcSecret, now)).toBeNull();
  });
});

describe('a secret', () => {
  test('has 160 bits, and no two are equal', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new Set(secrets).size).toBe(50);
  });

  test('is a link that every authenticator app reads', () => {
    const uri = new URL(otpauthUri(rfcSecret, { issuer: 'auth.example.com', account: 'ada+1@example.com' }));
    expect(`${uri.protocol}//${uri.host}${decodeURIComponent(uri.pathname)}`).toBe(
      'otpauth://totp/auth.example.com:ada+1@example.com',
    );
    expect(uri.searchParams.get('secret')).toBe(rfcSecret);
    expect(uri.searchParams.get('issuer')).toBe('auth.example.com');
  });

  test.each([
    ['prod:ada', 'prod ada'],
    ['a:b:c', 'a b c'],
  ])('an account name %j has no colon in the link', (account, shown) => {
    const { pathname } = new URL(otpauthUri(rfcSecret, { issuer: 'Post:ern', account }));
    expect(decodeURIComponent(pathname)).toBe(`/Post ern:${shown}`);
  });

  test('is a QR code that a real decoder reads', async () => {
    const uri = otpauthUri(newTotpSecret(), { issuer: 'auth.example.com', account: `${'a'.repeat(200)}@example.com` });
    const image = await drawQrCode(uri);
    expect(image).toMatch(/^data:image\/png;base64,/);
    const { data, width, height } = PNG.sync.read(Buffer.from(image.split(',')[1] ?? '', 'base64'));
    expect(jsqr.default(new Uint8ClampedArray(data), width, height)?.data).toBe(uri);
  });
});
