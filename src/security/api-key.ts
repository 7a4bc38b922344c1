/**
 * API keys: `pst_{pat|svc}_{id}_{secret}{checksum}`. The id is 16 base62 characters and finds the row; the secret is 256
 * random bits; the checksum is the CRC-32 of everything before it, so that a mistyped key costs no database read and a
 * secret scanner has no false alarms. Only a keyed hash of the secret is stored: it needs no slow hash, because no attacker
 * can guess 256 random bits.
 */
import { createHmac, type KeyObject, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { KeyRing } from './keys/key-ring.ts';

/** `pat`: of a user. `svc`: of a service account. */
export type ApiKeyKind = 'pat' | 'svc';

export interface ApiKeyParts {
  kind: ApiKeyKind;
  lookup: string;
  secret: string;
}

export type SecretPurpose = 'api-key' | 'client-secret';

export const apiKeyPrefix = 'pst_';
/** A longer text is rejected before it is read. */
const maxLength = 128;
const idLength = 16;
const checksumLength = 6;
const secretBytes = 32;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const form = String.raw`pst_(pat|svc)_([0-9A-Za-z]{16})_([\w-]{43})([0-9A-Za-z]{6})`;
const whole = new RegExp(`^${form}$`);
const inside = new RegExp(form);
const everywhere = new RegExp(form, 'g');

export function mintApiKey(kind: ApiKeyKind): ApiKeyParts & { key: string } {
  const lookup = Array.from({ length: idLength }, () => digits[randomInt(digits.length)]).join('');
  return { kind, lookup, ...keyOf(kind, lookup) };
}

/** The key of the same id with another secret. */
export function renewApiKey(kind: ApiKeyKind, lookup: string): { key: string; secret: string } {
  return keyOf(kind, lookup);
}

function keyOf(kind: ApiKeyKind, lookup: string): { key: string; secret: string } {
  const secret = randomBytes(secretBytes).toString('base64url');
  const body = `${apiKeyPrefix}${kind}_${lookup}_${secret}`;
  return { key: `${body}${checksumOf(body)}`, secret };
}

/** 256 random bits. The prefix is for secret scanners. */
export function mintClientSecret(): string {
  return `psc_${randomBytes(secretBytes).toString('base64url')}`;
}

/** @returns null for a text that is no key: its length, form or checksum is wrong */
export function readApiKey(text: string): ApiKeyParts | null {
  return text.length > maxLength ? null : partsOf(whole.exec(text));
}

/** Whether a text contains something of the form of a key, with whatever checksum. */
export function hasApiKeyForm(text: string): boolean {
  return inside.test(text);
}

/** The keys in a text whose checksum is right. */
export function apiKeysIn(text: string): ApiKeyParts[] {
  return [...text.matchAll(everywhere)].map(partsOf).filter((parts) => parts !== null);
}

function partsOf(found: RegExpExecArray | null): ApiKeyParts | null {
  const [key = '', kind, lookup, secret] = found ?? [];
  if ((kind !== 'pat' && kind !== 'svc') || !lookup || !secret) return null;
  const body = key.slice(0, -checksumLength);
  return key === `${body}${checksumOf(body)}` ? { kind, lookup, secret } : null;
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < checksumLength) {
    text = `${digits[rest % digits.length]}${text}`;
    rest = Math.floor(rest / digits.length);
  }
  return text;
}

/** What is stored of a secret. */
export function hashSecret(keys: KeyRing, purpose: SecretPurpose, secret: string): Buffer {
  return mac(keys.current(purpose), secret);
}

const none = Buffer.alloc(32);

/**
 * Whether one of the stored hashes is that of the secret. Compares in constant time, and also when nothing is stored, so
 * that the time tells neither whether an id exists nor which hash matched.
 */
export function matchesSecretHash(
  keys: KeyRing,
  purpose: SecretPurpose,
  secret: string,
  stored: readonly Uint8Array[],
): boolean {
  const candidates = stored.length > 0 ? stored : [none];
  let matches = 0;
  for (const key of keys.accepted(purpose)) {
    const presented = mac(key, secret);
    for (const each of candidates) matches += timingSafeEqual(presented, each) ? 1 : 0;
  }
  return stored.length > 0 && matches > 0;
}

function mac(key: KeyObject, secret: string): Buffer {
  return createHmac('sha256', key).update(secret).digest();
}
