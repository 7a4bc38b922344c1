/**
 * `@postern/react/next`: sessions of Postern in Next.js. The tokens stay on the server and in a sealed cookie; scripts of the page
 * never see them. See docs/next.md.
 */
import { type Caller, createVerifier } from '@postern/verify';
import { createGateway } from './gateway.ts';
import { KeptSessions } from './kept-session.ts';
import { type PosternNextOptions, readOptions } from './options.ts';
import { createProxy, type SessionProxy } from './proxy.ts';
import { createRelay, type Relay } from './relay.ts';
import { createRenewal } from './renewal.ts';
import { createSealer } from './sealer.ts';
import { ServerSession, type SessionOptions } from './server-session.ts';

export type { Caller } from '@postern/verify';
export { PosternUnavailable } from './gateway.ts';
export type { PosternNextOptions } from './options.ts';
export type { SessionOptions } from './server-session.ts';

export interface PosternNext {
  /** For `proxy.ts`: renews the session before a page is rendered. */
  proxy: SessionProxy;
  /** For `app/api/postern/[...path]/route.ts`: the address of the client in the browser is `/api/postern`. */
  handlers: { POST: Relay };
  /**
   * The caller of this request, verified in every call; null without a session, and when its access token has ended.
   * @throws PosternUnavailable when the keys of the gateway cannot be read, and with `live` when it does not answer
   */
  getSession(options?: SessionOptions): Promise<Caller | null>;
  /** The access token for requests of this server to services of yours; null without a session. Never pass it to the browser. */
  getAccessToken(): Promise<string | null>;
  /** The caller, if the role has the permission. Otherwise the page is not found; without a session, the sign-in page follows. */
  requirePermission(name: string): Promise<Caller>;
  /** For a server action: ends the session at the gateway and in this browser. @throws PosternUnavailable after it is ended here */
  signOut(): Promise<void>;
}

/** Checks the options with the first request, because `next build` runs without the secrets of the server. */
export function createPosternNext(options: PosternNextOptions): PosternNext {
  const parts = once(() => {
    const settings = readOptions(options);
    const gateway = createGateway(settings.url);
    const sessions = new KeptSessions(createSealer(settings.secrets));
    const verify = createVerifier({ issuer: settings.url });
    return {
      settings,
      gateway,
      sessions,
      verify,
      relay: createRelay(gateway, sessions),
      renew: createRenewal(gateway),
    };
  });
  const settings = () => parts().settings;
  const sessions = () => parts().sessions;
  const session = new ServerSession({
    settings,
    sessions,
    gateway: () => parts().gateway,
    verify: () => parts().verify,
  });
  return {
    proxy: createProxy({ settings, sessions, renew: (kept, headers) => parts().renew(kept, headers) }),
    handlers: { POST: (request, context) => parts().relay(request, context) },
    getSession: (sessionOptions) => session.get(sessionOptions),
    getAccessToken: () => session.accessToken(),
    requirePermission: (name) => session.require(name),
    signOut: () => session.signOut(),
  };
}

function once<T>(work: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: work() };
    return result.value;
  };
}
