/** The options of `createPosternNext`, and their checks. */

export interface PosternNextOptions {
  /** `PUBLIC_URL` of the gateway, for example `https://auth.example.com`. The Next.js server calls it, too. */
  url: string;
  /** 32 random bytes in base64 (`openssl rand -base64 32`). While you rotate it: the new secret, then the previous one. */
  cookieSecret: string | readonly [current: string, previous: string];
  /**
   * Paths that need no session, for example `['/', '/sign-in', '/blog/*']`. `proxy` then sends visitors without a session from
   * other pages to `signInPath`. Default: none are sent, and the pages decide. Pages check the session in every case.
   */
  publicPaths?: readonly string[];
  /** The page with the sign-in form. Default: `/sign-in`. */
  signInPath?: string;
}

export interface Settings {
  /** Without a slash at the end. */
  url: string;
  /** Bytes. The first one seals; each one opens. */
  secrets: readonly Uint8Array<ArrayBuffer>[];
  /** null: `proxy` never redirects to the sign-in page. */
  publicPaths: readonly string[] | null;
  signInPath: string;
}

const minSecretBytes = 32;

/** @throws Error that names the option, never its value */
export function readOptions({ url, cookieSecret, publicPaths, signInPath = '/sign-in' }: PosternNextOptions): Settings {
  const secrets = typeof cookieSecret === 'string' ? [cookieSecret] : [...(cookieSecret ?? [])];
  if (secrets.length < 1 || secrets.length > 2)
    throw invalid('cookieSecret: pass one secret, or the new and the previous one.');
  return {
    url: readUrl(url),
    secrets: secrets.map(readSecret),
    publicPaths: publicPaths ? [...publicPaths, signInPath] : null,
    signInPath,
  };
}

function readUrl(url: unknown): string {
  const example = 'url: pass the PUBLIC_URL of the gateway, for example https://auth.example.com.';
  if (typeof url !== 'string' || !URL.canParse(url)) throw invalid(example);
  const { protocol, username, password, search, hash } = new URL(url);
  if (!/^https?:$/.test(protocol) || username || password || search || hash) throw invalid(example);
  return url.replace(/\/+$/, '');
}

function readSecret(secret: unknown): Uint8Array<ArrayBuffer> {
  const bytes = typeof secret === 'string' ? fromBase64(secret) : null;
  if (bytes === null || bytes.length < minSecretBytes)
    throw invalid('cookieSecret: pass 32 random bytes in base64, made by "openssl rand -base64 32".');
  return bytes;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function invalid(hint: string): Error {
  return new Error(`Invalid option of createPosternNext. ${hint}`);
}
