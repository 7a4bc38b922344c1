/** Requests of the Next.js server to the gateway. */

export interface Gateway {
  /** PUBLIC_URL. */
  url: string;
  /** Sends a body to `/graphql`. @throws PosternUnavailable */
  post(body: string, headers: Headers): Promise<Response>;
  /** Asks whether the session of an access token is alive at this moment. @throws PosternUnavailable */
  isAlive(accessToken: string, headers: Headers): Promise<boolean>;
}

/** The gateway did not answer, or could not decide. */
export class PosternUnavailable extends Error {
  override name = 'PosternUnavailable';

  constructor(cause?: unknown) {
    super('Postern does not answer. Check the option `url` of createPosternNext, and the gateway.', { cause });
  }
}

/** Longer than the gateway's own limit for an operation (10 s). */
const deadlineMs = 15_000;
/** What the gateway reads of a browser. The address of the client is the one that the proxy before Next.js has set. */
const passedOn = ['accept', 'accept-language', 'user-agent', 'x-forwarded-for', 'x-csrf-token', 'x-captcha-token'];

export function createGateway(url: string): Gateway {
  const ask = (path: string, init: RequestInit): Promise<Response> =>
    fetch(`${url}${path}`, {
      ...init,
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    }).catch((error: unknown) => {
      throw new PosternUnavailable(error);
    });
  return {
    url,
    post(body, headers) {
      headers.set('content-type', 'application/json');
      return ask('/graphql', { method: 'POST', body, headers });
    },
    async isAlive(accessToken, headers) {
      headers.set('authorization', `Bearer ${accessToken}`);
      const { status } = await ask('/auth/verify', { headers });
      if (status === 401 || status === 403) return false;
      if (status === 204) return true;
      throw new PosternUnavailable();
    },
  };
}

export function headersFor(request: Pick<Headers, 'get'>): Headers {
  const headers = new Headers();
  for (const name of passedOn) {
    const value = request.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
