/** The measured operations: each scenario prepares its conversations for a number of connections. */
import { type Answer, type Conversation, type Sent, send } from './load.ts';
import { addressOf, operations, password, type Tokens } from './users.ts';

export interface Scenario {
  name: string;
  /** The number of requests in one round. */
  requests: number;
  /** Sends the requests. @returns the milliseconds of each */
  run(connections: number, requests: number): Promise<number[]>;
}

interface Targets {
  gateway: string;
  constantAnswer: string;
  /** At least one for each connection. */
  sessions: Tokens[];
}

export function scenariosOf({ gateway, constantAnswer, sessions }: Targets): Scenario[] {
  const nextUser = counter(sessions.length);
  const nextAddress = counter(0);
  return [
    scenario('constant answer', 8000, constantAnswer, () => repeating(operation('{ viewer { id email role } }'), 200)),
    scenario('viewer', 8000, gateway, (connection) =>
      repeating(operation(operations.viewer, {}, bearer(sessions, connection)), 200),
    ),
    scenario('GET /auth/verify', 8000, gateway, (connection) =>
      repeating({ method: 'GET', path: '/auth/verify', headers: bearer(sessions, connection) }, 204),
    ),
    scenario('refresh', 6000, gateway, (connection) => refreshing(sessions, connection)),
    scenario('login', 300, gateway, () => ({
      next: () => operation(operations.login, { input: { email: addressOf(nextUser()), password } }),
      check: (answer) => assertData(answer, 'accessToken'),
    })),
    scenario('register', 150, gateway, () => ({
      next: () => operation(operations.register, { input: { email: `new-${nextAddress()}@example.com`, password } }),
      check: (answer) => assertData(answer, 'VERIFICATION_SENT'),
    })),
  ];
}

function scenario(
  name: string,
  requests: number,
  url: string,
  conversation: (connection: number) => Conversation,
): Scenario {
  return {
    name,
    requests,
    run: (connections, count) =>
      send(
        url,
        Array.from({ length: connections }, (_, connection) => conversation(connection)),
        count,
      ),
  };
}

function counter(first: number): () => number {
  let next = first;
  return () => next++;
}

function operation(query: string, variables: object = {}, headers: Record<string, string> = {}): Sent {
  return { method: 'POST', path: '/graphql', headers, body: { query, variables } };
}

function sessionOf(sessions: readonly Tokens[], connection: number): Tokens {
  const session = sessions[connection];
  if (!session) throw new Error(`no session is prepared for connection ${connection}`);
  return session;
}

function bearer(sessions: readonly Tokens[], connection: number): Record<string, string> {
  return { authorization: `Bearer ${sessionOf(sessions, connection).accessToken}` };
}

function repeating(sent: Sent, status: 200 | 204): Conversation {
  const check = (answer: Answer) => {
    if (answer.status !== status) throw new Error(`${sent.path} answered ${answer.status}: ${answer.text}`);
    if (status === 200) assertData(answer, 'email');
  };
  return { next: () => sent, check };
}

/** Each refresh uses the token of the previous one. */
function refreshing(sessions: Tokens[], connection: number): Conversation {
  return {
    next: () =>
      operation(operations.refresh, { input: { refreshToken: sessionOf(sessions, connection).refreshToken } }),
    check(answer) {
      assertData(answer, 'refreshToken');
      sessions[connection] = JSON.parse(answer.text).data.refresh;
    },
  };
}

function assertData({ text }: Answer, part: string): void {
  if (text.includes('"errors"') || !text.includes(part)) throw new Error(`the gateway answered ${text}`);
}
