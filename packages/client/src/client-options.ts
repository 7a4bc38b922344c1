/** The options of a client: their types, their defaults, and the errors for values that cannot work. */
import { isPage, monotonicNow } from './environment.ts';
import { PosternError } from './errors/postern-error.ts';
import type { SessionDelivery } from './generated/operations.ts';
import type { SessionEvents } from './session/session-state.ts';
import { browserStorage, memoryStorage, type TokenStorage } from './session/token-storage.ts';

export interface PosternClientOptions extends SessionEvents {
  /** `PUBLIC_URL` of the gateway, for example `https://auth.example.com`, with or without `/graphql`. */
  url: string;
  /**
   * How the refresh token travels. Default: `COOKIE` in a page, where scripts then cannot read it; elsewhere `BEARER`,
   * in the responses.
   */
  delivery?: SessionDelivery | undefined;
  /**
   * Keeps the session between pages or runs. Default: `localStorage` with cookies, where it holds nothing that works
   * without the cookie; elsewhere memory. With `BEARER` it holds the refresh token: choose a place that other programs
   * cannot read.
   */
  storage?: TokenStorage | undefined;
  /**
   * Whether other tabs share the storage and with it the session. Default: true in a page, unless the storage is memory.
   * Must stay false on a server, where all clients of one address would share one session.
   */
  tabs?: boolean | undefined;
  /**
   * Keeps a stream of session events open while a user is signed in: a session that ends elsewhere ends here within a
   * second, in all tabs. One tab holds the stream for all. Default: false.
   */
  live?: boolean | undefined;
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  headers?: Record<string, string> | undefined;
  /** Milliseconds on a clock that never goes back. Tests can pass their own clock. */
  now?: (() => number) | undefined;
}

export interface ResolvedOptions extends SessionEvents {
  endpoint: string;
  delivery: SessionDelivery;
  storage: TokenStorage;
  tabs: boolean;
  live: boolean;
  fetch: typeof fetch | undefined;
  headers: Record<string, string> | undefined;
  now: () => number;
}

/** @throws PosternError INVALID_OPTIONS */
export function resolveOptions(options: PosternClientOptions): ResolvedOptions {
  if (!isObject(options)) invalid('Pass an object, for example { url: "https://auth.example.com" }.');
  const { delivery = isPage() ? 'COOKIE' : 'BEARER', storage, tabs, headers, now = monotonicNow } = options;
  const endpoint = endpointOf(options.url);
  if (delivery !== 'COOKIE' && delivery !== 'BEARER') invalid('delivery: use "COOKIE" or "BEARER".');
  if (tabs !== undefined && typeof tabs !== 'boolean') invalid('tabs: use true or false.');
  if (options.live !== undefined && typeof options.live !== 'boolean') invalid('live: use true or false.');
  if (storage !== undefined) checkStorage(storage);
  if (headers !== undefined) checkHeaders(headers);
  for (const name of ['fetch', 'now', 'onSessionStart', 'onSessionEnd', 'onPermissionsChange'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function') invalid(`${name}: pass a function.`);
  if (options.fetch === undefined && typeof globalThis.fetch !== 'function')
    invalid('fetch: this runtime has no global fetch. Pass one.');
  return {
    endpoint,
    delivery,
    storage: storage ?? (delivery === 'COOKIE' && isPage() ? browserStorage() : memoryStorage()),
    tabs: tabs ?? (isPage() && (storage !== undefined || delivery === 'COOKIE')),
    live: options.live ?? false,
    fetch: options.fetch,
    headers,
    now,
    onSessionStart: options.onSessionStart,
    onSessionEnd: options.onSessionEnd,
    onPermissionsChange: options.onPermissionsChange,
  };
}

/** Relative addresses such as `/auth` are relative to the page. */
function endpointOf(url: unknown): string {
  const example = 'for example https://auth.example.com';
  if (typeof url !== 'string' || url.trim() === '') invalid(`url: pass the PUBLIC_URL of the gateway, ${example}.`);
  const hasScheme = /^https?:\/\//i.test(url);
  if (!hasScheme && !/^[./]/.test(url)) invalid(`url: begin with https:// or http://, ${example}.`);
  const { location }: { location?: { href: string }; URL: unknown } = globalThis;
  const endpoint = parseUrl(url, location?.href);
  if (!endpoint || !/^https?:$/.test(endpoint.protocol)) invalid(`url: pass a complete address, ${example}.`);
  if (endpoint.username || endpoint.password) invalid(`url: leave out the user name and password, ${example}.`);
  const path = endpoint.pathname.replace(/\/+$/, '');
  endpoint.pathname = path.endsWith('/graphql') ? path : `${path}/graphql`;
  endpoint.hash = '';
  return endpoint.href;
}

function parseUrl(url: string, base: string | undefined): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

function checkStorage(storage: unknown): void {
  const methods = ['getItem', 'setItem', 'removeItem'];
  const isStorage = isObject(storage) && methods.every((name) => typeof Reflect.get(storage, name) === 'function');
  if (!isStorage) invalid('storage: pass an object with getItem, setItem and removeItem, for example localStorage.');
}

function checkHeaders(headers: unknown): void {
  const isRecord = isObject(headers) && Object.values(headers).every((value) => typeof value === 'string');
  if (!isRecord || Object.entries(headers).some(([name, value]) => !isHeader(name, value)))
    invalid('headers: pass an object of valid header names and texts.');
}

function isHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !/[\r\n\0]/.test(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function invalid(hint: string): never {
  throw new PosternError('INVALID_OPTIONS', `Invalid option of createPosternClient. ${hint}`);
}
