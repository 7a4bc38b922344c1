/** Seals the values of cookies: AES-256-GCM with keys that HKDF derives from the secret. */

export interface Sealer {
  /** @param purpose the name of the cookie: a value is never accepted as that of another one */
  seal(purpose: string, text: string): Promise<string>;
  /** @returns null for a value that was not sealed with one of the secrets, or was changed */
  open(purpose: string, sealed: string): Promise<string | null>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const ivBytes = 12;
const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8('@postern/react/next cookie') };

export function createSealer(secrets: readonly Bytes[]): Sealer {
  let derived: Promise<CryptoKey[]> | undefined;
  const keys = () => {
    derived ??= Promise.all(secrets.map(deriveKey));
    return derived;
  };
  return {
    async seal(purpose, text) {
      const [key] = await keys();
      if (!key) throw new Error('there is no secret');
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const sealed = await crypto.subtle.encrypt(algorithm(iv, purpose), key, utf8(text));
      return toBase64url(iv, new Uint8Array(sealed));
    },
    async open(purpose, sealed) {
      const bytes = fromBase64url(sealed);
      if (bytes === null || bytes.length <= ivBytes) return null;
      for (const key of await keys()) {
        const text = await decrypt(key, purpose, bytes);
        if (text !== null) return text;
      }
      return null;
    },
  };
}

async function deriveKey(secret: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function decrypt(key: CryptoKey, purpose: string, bytes: Bytes): Promise<string | null> {
  try {
    const text = await crypto.subtle.decrypt(algorithm(bytes.slice(0, ivBytes), purpose), key, bytes.slice(ivBytes));
    return new TextDecoder().decode(text);
  } catch {
    return null;
  }
}

function algorithm(iv: Bytes, purpose: string) {
  return { name: 'AES-GCM', iv, additionalData: utf8(purpose) };
}

function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text));
}

function toBase64url(...parts: readonly Bytes[]): string {
  const binary = parts.map((part) => Array.from(part, (byte) => String.fromCharCode(byte)).join('')).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Bytes | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    // Another text of the same bytes is refused.
    return toBase64url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
