/** Device tokens (security/tokens/device-token.ts): only tokens of this deployment are valid, for 180 days. */
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createDeviceTokens, deviceTokenSeconds } from '../../src/security/tokens/device-token.ts';
import { createRefreshTokens } from '../../src/security/tokens/refresh-token.ts';

const newest = Buffer.alloc(32, 'new secret ');
const previous = Buffer.alloc(32, 'old secret ');
const tokens = createDeviceTokens(createKeyRing([newest]));
const userId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a3';
const deviceId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const now = new Date('2026-11-21T09:00:00.123Z');

const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function withByteChanged(token: string, index: number): string {
  const bytes = Buffer.from(token, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString('base64url');
}

test('a token names its user and its device', () => {
  expect(tokens.open(tokens.mint(userId, now, deviceId), now)).toMatchObject({ userId, deviceId });
});

test('a device without an id gets a random one', () => {
  const ids = Array.from({ length: 20 }, () => tokens.open(tokens.mint(userId, now), now)?.deviceId);
  expect(new Set(ids).size).toBe(20);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('a token is safe in a header and a cookie', () => {
  for (let minted = 0; minted < 50; minted += 1) expect(tokens.mint(userId, now)).toMatch(/^[A-Za-z0-9_-]{94}$/);
});

test('a token is valid for 180 days, and not a millisecond longer', () => {
  const token = tokens.mint(userId, now, deviceId);
  expect(deviceTokenSeconds).toBe(180 * 24 * 60 * 60);
  expect(tokens.open(token, after(deviceTokenSeconds))).toMatchObject({ userId, deviceId });
  expect(tokens.open(token, after(deviceTokenSeconds + 0.001))).toBeNull();
});

test('a renewed token of the same device has a new lifetime', () => {
  const renewed = tokens.mint(userId, after(deviceTokenSeconds), deviceId);
  expect(tokens.open(renewed, after(2 * deviceTokenSeconds))).toMatchObject({ userId, deviceId });
});

test('a change of any byte makes it invalid', () => {
  const token = tokens.mint(userId, now, deviceId);
  const { length } = Buffer.from(token, 'base64url');
  for (let index = 0; index < length; index += 1) {
    expect(tokens.open(withByteChanged(token, index), now), `byte ${index}`).toBeNull();
  }
});

test('a token of another deployment is invalid', () => {
  const others = createDeviceTokens(createKeyRing([Buffer.alloc(32, 'another secret ')]));
  expect(tokens.open(others.mint(userId, now, deviceId), now)).toBeNull();
});

test('a token of the previous secret opens while secrets rotate, and new ones are made with the new secret', () => {
  const token = createDeviceTokens(createKeyRing([previous])).mint(userId, now, deviceId);
  const rotating = createDeviceTokens(createKeyRing([newest, previous]));
  expect(rotating.open(token, now)).toMatchObject({ userId, deviceId });
  expect(tokens.open(token, now)).toBeNull();
  expect(tokens.open(rotating.mint(userId, now, deviceId), now)).toMatchObject({ userId, deviceId });
});

test('a refresh token is not a device token', () => {
  const refreshTokens = createRefreshTokens(createKeyRing([newest]));
  expect(tokens.open(refreshTokens.mint({ familyId: userId, generation: 3 }), now)).toBeNull();
});

test.each([
  ['an empty text', ''],
  ['some text', 'not a token'],
  ['zero bytes', Buffer.alloc(70).toString('base64url')],
  ['a token cut short', tokens.mint(userId, now).slice(0, -2)],
  ['a token with a suffix', `${tokens.mint(userId, now)}AAAA`],
  ['a very long text', 'A'.repeat(100_000)],
  ['characters beyond ASCII', '€'.repeat(94)],
])('%s is not a token, and throws nothing', (_what, text) => {
  expect(tokens.open(text, now)).toBeNull();
});
