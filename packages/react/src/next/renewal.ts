/** Renews the tokens of a session at the gateway. */
import { refreshDocument } from './documents.ts';
import { type Gateway, PosternUnavailable } from './gateway.ts';
import type { KeptSession } from './kept-session.ts';

/** `ended`: the gateway refused to continue the session. `later`: it could not answer, and the session stays as it is. */
export type Renewal = KeptSession | 'ended' | 'later';

/**
 * @returns a function that sends one request for one refresh token at a time. Other processes may send the same one: the
 * gateway answers all with one successor.
 */
export function createRenewal(gateway: Gateway): (session: KeptSession, headers: Headers) => Promise<Renewal> {
  const running = new Map<string, Promise<Renewal>>();
  return (session, headers) => {
    const { refreshToken } = session;
    const renewal =
      running.get(refreshToken) ?? renew(gateway, session, headers).finally(() => running.delete(refreshToken));
    running.set(refreshToken, renewal);
    return renewal;
  };
}

interface Answer {
  data?: { refresh?: { accessToken: string; refreshToken: string } } | null;
  errors?: { extensions?: { code?: string } }[];
}

async function renew(gateway: Gateway, session: KeptSession, headers: Headers): Promise<Renewal> {
  const variables = { input: { refreshToken: session.refreshToken } };
  try {
    const response = await gateway.post(JSON.stringify({ query: refreshDocument, variables }), headers);
    const { data, errors }: Answer = await response.json();
    if (data?.refresh)
      return { ...session, accessToken: data.refresh.accessToken, refreshToken: data.refresh.refreshToken };
    return errors?.[0]?.extensions?.code === 'INVALID_REFRESH_TOKEN' ? 'ended' : 'later';
  } catch (error) {
    if (error instanceof PosternUnavailable || error instanceof SyntaxError) return 'later';
    throw error;
  }
}
