/** The number of statements that frequent operations send to the database: each is a round trip. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestTexts } from '../support/gateway/foreground.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
  testSecret,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  LogoutDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
} from '../support/generated/graphql.ts';
import { type StatementCounter, startStatementCounter } from '../support/proxies/statement-counter.ts';

/** Production's pause: a shorter one records more background work beside each operation. */
const mailPollMs = 1000;

let counter: StatementCounter;
let gateway: TestGateway;
const first = useGateway();
beforeAll(async () => {
  counter = await startStatementCounter(first.database.url);
  const settings = { DATABASE_URL: counter.url, TRUSTED_PROXIES: '127.0.0.1/32', ROUTER_SECRET: testSecret };
  gateway = await startTestGateway(settings, first, mailPollMs);
});
afterAll(async () => {
  await gateway.stop();
  await counter.close();
});

const home = '192.0.2.1';
const office = '2001:db8::1';

/** @returns the statements of the operation, which succeeds */
async function statementsOf<Input>(
  document: TypedDocumentNode<unknown, { input: Input }>,
  input: Input,
  headers: Record<string, string> = {},
): Promise<string[]> {
  const statements = await counter.record(async () => {
    const response = await gateway.post(bodyOf(document, { input }), { 'x-forwarded-for': home, ...headers });
    const answer = await response.text();
    if (answer.includes('"errors"')) throw new Error(answer);
  });
  return requestTexts(statements);
}

describe('login needs at most 5 round trips', () => {
  const input = { email: '', password: goodPassword };
  const countOf = async (headers: Record<string, string> = {}) =>
    (await statementsOf(FullLoginDocument, input, headers)).length;
  beforeAll(async () => {
    input.email = await registerUser(gateway);
  });

  test('for the first time', async () => {
    expect(await countOf()).toBeLessThanOrEqual(5);
  });

  test('with a familiar user agent', async () => {
    expect(await countOf()).toBeLessThanOrEqual(5);
  });

  test('with a new device, about which the owner gets a mail', async () => {
    expect(await countOf({ 'x-forwarded-for': office })).toBeLessThanOrEqual(5);
    expect((await gateway.mail.take(input.email)).subject).toMatch(/sign-in/i);
  });

  test('with a trusted device', async () => {
    const { deviceToken } = await signIn(gateway, input.email);
    const texts = await statementsOf(FullLoginDocument, input, { 'x-device-token': deviceToken ?? '' });
    expect(texts.some((text) => text.includes('devices_trusted_since'))).toBe(true);
    expect(texts.length).toBeLessThanOrEqual(5);
  });
});

test('logout needs one round trip', async () => {
  const { refreshToken } = await signIn(gateway, await registerUser(gateway));
  expect((await statementsOf(LogoutDocument, { refreshToken })).length).toBe(1);
});

test('register needs at most 13 round trips', async () => {
  const texts = await statementsOf(RegisterDocument, { email: newAddress(), password: goodPassword });
  expect(texts.length).toBeLessThanOrEqual(13);
});

test('requestPasswordReset needs at most 13 round trips', async () => {
  const texts = await statementsOf(RequestPasswordResetDocument, { email: await registerUser(gateway) });
  expect(texts.length).toBeLessThanOrEqual(13);
});

test('the identities of a caller for 50 subgraphs need one round trip, which reads', async () => {
  const { accessToken } = await signIn(gateway, await registerUser(gateway));
  const audiences = Array.from({ length: 50 }, (_, index) => `subgraph-${index}`);
  const statements = await counter.record(async () => {
    const response = await fetch(`${gateway.url}/auth/identities`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'router-authorization': testSecret, ...bearer(accessToken) },
      body: JSON.stringify({ audiences }),
    });
    expect(response.status).toBe(200);
  });
  expect(requestTexts(statements)).toEqual([expect.stringMatching(/^select /i)]);
});
