/** The mix of requests: what each operation sends, and how often. */

import type { Agent } from 'node:http';
import { ask, type Sent } from '../cost/load.ts';
import { addressOf, operations, password, type Tokens } from '../cost/users.ts';

export interface Kind {
  name: string;
  /** Of a hundred requests. */
  share: number;
  /** The 95th percentile, in milliseconds. */
  budgetMs: number;
  /** @returns `ok`, or the code of the error */
  run(): Promise<string>;
}

interface Target {
  url: string;
  agent: Agent;
  users: number;
  admin: Tokens;
  /** One client each; a client sends one refresh at a time. */
  sessions: Tokens[];
}

const list = '{ users(first: 20) { nodes { id email role { name } status } pageInfo { endCursor } } }';

export function mixOf({ url, agent, users, admin, sessions }: Target): Kind[] {
  const nextSession = rotation(sessions);
  const nextUser = counter(users);
  const nextAddress = counter(Number.MAX_SAFE_INTEGER);
  const idle = [...sessions];
  const perform = (sent: Sent, expected: string) => outcomeOf(ask(url, sent, agent), expected);
  return [
    {
      name: 'viewer',
      share: 70,
      budgetMs: 50,
      run: () => perform(graphql(operations.viewer, {}, bearer(nextSession())), 'email'),
    },
    { name: 'refresh', share: 20, budgetMs: 100, run: () => refresh(idle, url, agent) },
    {
      name: 'forward auth',
      share: 5,
      budgetMs: 50,
      run: () => perform({ method: 'GET', path: '/auth/verify', headers: bearer(nextSession()) }, ''),
    },
    { name: 'users', share: 3, budgetMs: 50, run: () => perform(graphql(list, {}, bearer(admin)), 'endCursor') },
    {
      name: 'login',
      share: 1,
      budgetMs: 300,
      run: () => {
        const input = { email: addressOf(nextUser()), password };
        return perform(graphql(operations.login, { input }), 'accessToken');
      },
    },
    {
      name: 'register',
      share: 1,
      budgetMs: 500,
      run: () => {
        const input = { email: `new-${nextAddress()}@example.com`, password };
        return perform(graphql(operations.register, { input }), 'VERIFICATION_SENT');
      },
    },
  ];
}

/** Kinds by their shares, spread evenly over a hundred places: 37 has no common divisor with 100. */
export function sequenceOf(kinds: readonly Kind[]): Kind[] {
  const places = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  return places.flatMap((_, place) => places[(place * 37) % places.length] ?? []);
}

async function refresh(idle: Tokens[], url: string, agent: Agent): Promise<string> {
  const session = idle.shift();
  if (!session) return 'all sessions wait for a refresh';
  const input = { refreshToken: session.refreshToken };
  const outcome = await outcomeOf(
    ask(url, graphql(operations.refresh, { input }), agent).then((answer) => {
      const refreshed: Tokens | null | undefined = answer.status === 200 ? JSON.parse(answer.text).data?.refresh : null;
      if (refreshed) Object.assign(session, refreshed);
      return answer;
    }),
    'refreshToken',
  );
  idle.push(session);
  return outcome;
}

async function outcomeOf(answer: ReturnType<typeof ask>, expected: string): Promise<string> {
  try {
    const { status, text } = await answer;
    const [, code] = /"code":"(\w+)"/.exec(text) ?? [];
    if (code) return code;
    return status < 300 && text.includes(expected) ? 'ok' : `status ${status}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function graphql(query: string, variables: object, headers: Record<string, string> = {}): Sent {
  return { method: 'POST', path: '/graphql', headers, body: { query, variables } };
}

function bearer({ accessToken }: Tokens): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

function counter(end: number): () => number {
  let next = 0;
  return () => next++ % end;
}

function rotation(sessions: readonly Tokens[]): () => Tokens {
  const next = counter(sessions.length);
  return () => {
    const session = sessions[next()];
    if (!session) throw new Error('the bench has no session');
    return session;
  };
}
