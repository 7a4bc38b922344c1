/** What the Next.js server keeps of a session, in a sealed cookie of the browser. It stores nothing itself. */

import { type CookieChange, type ReadCookie, SealedCookie } from './sealed-cookie.ts';
import type { Sealer } from './sealer.ts';

export interface KeptSession {
  /** null: the answer that started the session did not contain it. The next request renews it. */
  accessToken: string | null;
  refreshToken: string;
  /** From one use to the next, as the gateway has set it. */
  maxAgeSeconds: number;
}

/** The device token of the gateway lives as long. */
const deviceMaxAgeSeconds = 180 * 24 * 60 * 60;

/**
 * Two cookies, because a session is written only with new tokens: a slow answer that changes the device only must not bring
 * a used refresh token back.
 */
export class KeptSessions {
  readonly #session: SealedCookie;
  readonly #device: SealedCookie;

  constructor(sealer: Sealer) {
    this.#session = new SealedCookie(sealer, '__Host-postern_next');
    this.#device = new SealedCookie(sealer, '__Host-postern_next_device');
  }

  async read(cookies: ReadCookie): Promise<KeptSession | null> {
    const text = await this.#session.read(cookies);
    return text === null ? null : keptFrom(text);
  }

  write(session: KeptSession, cookies: ReadCookie): Promise<CookieChange[]> {
    return this.#session.write(JSON.stringify(session), session.maxAgeSeconds, cookies);
  }

  remove(cookies: ReadCookie): CookieChange[] {
    return this.#session.remove(cookies);
  }

  readDevice(cookies: ReadCookie): Promise<string | null> {
    return this.#device.read(cookies);
  }

  writeDevice(token: string, cookies: ReadCookie): Promise<CookieChange[]> {
    return this.#device.write(token, deviceMaxAgeSeconds, cookies);
  }
}

/** Another version of this package may have written it. */
function keptFrom(text: string): KeptSession | null {
  const { accessToken, refreshToken, maxAgeSeconds }: Partial<Record<keyof KeptSession, unknown>> = JSON.parse(text);
  if (typeof refreshToken !== 'string' || typeof maxAgeSeconds !== 'number') return null;
  return { accessToken: typeof accessToken === 'string' ? accessToken : null, refreshToken, maxAgeSeconds };
}

/** Whether the access token ends within this time. Its signature is checked where it is used. */
export function endsWithin(accessToken: string | null, seconds: number): boolean {
  return accessToken === null || endOf(accessToken) <= Date.now() / 1000 + seconds;
}

function endOf(accessToken: string): number {
  try {
    const [, payload = ''] = accessToken.split('.');
    const { exp }: { exp?: unknown } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' ? exp : 0;
  } catch {
    return 0;
  }
}
