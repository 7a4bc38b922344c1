/**
 * What registration and assertion of passkeys (WebAuthn) share: the site, and reading what a browser sends. Without the
 * library, whose 200 modules are imported by the first ceremony.
 */
import type { AuthenticatorTransport } from '@simplewebauthn/server';

/** The site of the passkeys: browsers offer them on no other site. */
export interface RelyingParty {
  /** A host, or a domain above it. */
  id: string;
  name: string;
  /** The origins of the pages that may use them. */
  origins: readonly string[];
}

export interface KnownCredential {
  credentialId: Uint8Array;
  transports: readonly string[];
}

/** `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`. */
export type CeremonyOptions = Record<string, unknown>;

/** The lifetime of a challenge. */
export const timeoutMs = 5 * 60 * 1000;
const maxTextLength = 32_768;

export interface Credential {
  id: string;
  clientDataJSON: string;
  challenge: string;
  response: Readonly<Record<string, unknown>>;
}

/** Reads what both kinds of response have: the library would accept any values. */
export function readCredential(value: unknown): Credential | null {
  if (!isObject(value) || !isObject(value.response)) return null;
  const { id, rawId, type, response } = value;
  const { clientDataJSON } = response;
  if (!isText(id) || id !== rawId || type !== 'public-key' || !isText(clientDataJSON)) return null;
  const challenge = challengeIn(clientDataJSON);
  return challenge === null ? null : { id, clientDataJSON, challenge, response };
}

/** @returns null also for pages in a cross-origin frame, because of clickjacking (WebAuthn 13.4.9) */
function challengeIn(clientDataJSON: string): string | null {
  try {
    const { challenge, crossOrigin } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    return typeof challenge === 'string' && !crossOrigin ? challenge : null;
  } catch {
    return null;
  }
}

/** The library rejects by throwing. It does no I/O, so every error is a rejection. */
export async function orNull<T>(verify: () => Promise<T | null>): Promise<T | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Base64url without padding. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxTextLength && /^[A-Za-z0-9_-]+$/.test(value);
}

const knownTransports: readonly AuthenticatorTransport[] = ['ble', 'hybrid', 'internal', 'nfc', 'usb'];

export function transportsOf(value: unknown): AuthenticatorTransport[] {
  return Array.isArray(value) ? knownTransports.filter((transport) => value.includes(transport)) : [];
}

export function descriptorOf({ credentialId, transports }: KnownCredential) {
  return { id: Buffer.from(credentialId).toString('base64url'), transports: transportsOf(transports) };
}

/** A copy with its own buffer, as the library's types require. */
export function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
