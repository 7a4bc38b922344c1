/**
 * A complete gateway under test: the real server with its own database and mail server, on a clock that the test moves.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { ClientError, GraphQLClient } from 'graphql-request';
import { inject } from 'vitest';
import { startGateway } from '../../../src/app/server.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/logger.ts';
import { defaultLimits } from '../../../src/ratelimit/limits.ts';
import {
  FullLoginDocument,
  RegisterDocument,
  type SessionPartsFragment,
  VerifyEmailDocument,
} from '../generated/graphql.ts';
import { type MailServer, startMailServer, tokenIn } from '../mail/mail-server.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { goodPassword } from './good-password.ts';

export interface TestGateway {
  url: string;
  /** Where METRICS_PORT listens. */
  metricsUrl: string | null;
  clock: TestClock;
  database: TestDatabase;
  mail: MailServer;
  /** Every logged line. */
  logs: readonly string[];
  /** Sends an operation. @throws ClientError */
  send<Result, Variables extends object>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    accessToken?: string,
  ): Promise<Result>;
  /** Sends any body to `/graphql`. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Stops the gateway alone, as its operator would. */
  end(): Promise<void>;
  /** Stops the gateway, and removes its database and its mail server. */
  stop(): Promise<void>;
}

/** For tests in which one account signs in many times at once, from one address. */
export const lockoutOff = { LOCKOUT: '100/15m', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' };

export { goodPassword };

/**
 * @param environment settings that differ from the usual ones of the tests
 * @param first the gateway whose database, mail server and clock this one shares; stop that one last
 * @param queuePollMs the pause between two queries of an empty queue
 */
export async function startTestGateway(
  environment: Record<string, string> = {},
  first?: TestGateway,
  queuePollMs = 50,
): Promise<TestGateway> {
  const database = first?.database ?? (await createTestDatabase());
  const mail = first?.mail ?? (await startMailServer());
  const clock = first?.clock ?? createTestClock();
  const logs: string[] = [];
  const config = readConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    PUBLIC_URL: 'https://auth.example.com',
    APP_URL: 'https://app.example.com',
    ...(environment.DATABASE_URL === undefined && databaseSettings(database)),
    SMTP_URL: mail.url,
    MAIL_FROM: 'Postern <no-reply@auth.example.com>',
    SECRET: testSecret,
    // All suites send from one address; those about limits set their own.
    RATE_LIMITS: limitsOff,
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_PASSES: '1',
    ...environment,
  });
  const logger = createLogger('trace', { write: (line) => logs.push(line) });
  const gateway = await startGateway(config, { clock, logger, queuePollMs });
  const client = new GraphQLClient(`${gateway.url}/graphql`);
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= gateway.stop();
    return ending;
  };
  return {
    url: gateway.url,
    metricsUrl: gateway.metricsUrl,
    clock,
    database,
    mail,
    logs,
    send: <Result>(document: TypedDocumentNode<Result, never>, variables: object, accessToken?: string) =>
      client.request<Result>(print(document), { ...variables }, accessToken ? bearer(accessToken) : {}),
    post: (body, headers = {}) =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    end,
    async stop() {
      await end();
      if (first) return;
      await mail.stop();
      await database.drop();
    },
  };
}

/** Behind PgBouncer in a run with TEST_POOLER=transaction. */
function databaseSettings({ url }: TestDatabase): Record<string, string> {
  const pooler = inject('pooler');
  if (pooler === null) return { DATABASE_URL: url };
  const pooled = new URL(url);
  pooled.host = pooler;
  return { DATABASE_URL: pooled.href, DATABASE_DIRECT_URL: url, DATABASE_POOLER: 'transaction' };
}

export const limitsOff = Object.keys(defaultLimits)
  .map((name) => `${name}=off`)
  .join(',');

export const testSecret = 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';

export function bearer(accessToken: string): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

let serial = 0;
export function newAddress(): string {
  serial += 1;
  return `person${serial}@example.com`;
}

/** Registers and confirms an address. */
export async function registerUser(
  gateway: TestGateway,
  email = newAddress(),
  password = goodPassword,
): Promise<string> {
  await gateway.send(RegisterDocument, { input: { email, password } });
  const token = tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
  await gateway.send(VerifyEmailDocument, { input: { token } });
  return email;
}

export type SignedIn = SessionPartsFragment & { refreshToken: string };

export async function signIn(gateway: TestGateway, email: string, password = goodPassword): Promise<SignedIn> {
  const { login } = await gateway.send(FullLoginDocument, { input: { email, password } });
  return withRefreshToken(login);
}

type Challenge = { __typename: 'MfaChallenge' };

/** Without a second factor the password gives a session; the type says so from here on. */
export function sessionIn<T extends object>(result: T): Exclude<T, Challenge> {
  if (isSession(result)) return result;
  throw new Error('the answer is a challenge');
}

function isSession<T extends object>(result: T): result is Exclude<T, Challenge> {
  return !('__typename' in result && result.__typename === 'MfaChallenge');
}

/** In bearer mode the refresh token is always present as well. */
export function withRefreshToken<T extends { refreshToken?: string | null } | Challenge>(
  result: T,
): Exclude<T, Challenge> & { refreshToken: string } {
  const session = sessionIn(result);
  const refreshToken = 'refreshToken' in session ? session.refreshToken : null;
  if (typeof refreshToken !== 'string') throw new Error('there is no refresh token in the answer');
  return { ...session, refreshToken };
}

export interface TestError {
  code: string;
  status: number;
  message: string;
  extensions: Record<string, unknown>;
}

/** The only error of a refused call. */
export async function refusal(call: Promise<unknown>): Promise<TestError> {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw error;
  const [first, ...others] = error.response.errors ?? [];
  if (!first || others.length > 0) throw new Error(`expected one error: ${JSON.stringify(error.response.errors)}`);
  const { code } = first.extensions;
  return {
    code: String(code),
    status: error.response.status,
    message: first.message,
    extensions: { ...first.extensions },
  };
}
