/** Neutral operations execute the same statements, whatever is stored about the address: equal work takes equal time. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestTexts } from '../support/gateway/foreground.ts';
import { newAddress, registerUser, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginCodeLoginDocument,
  type BeginCodeLoginMutation,
  FullCompleteCodeLoginDocument,
  FullLoginDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResendVerificationEmailDocument,
} from '../support/generated/graphql.ts';
import { type StatementCounter, startStatementCounter } from '../support/proxies/statement-counter.ts';

const password = 'Wander 7 lanterns';
const otherPassword = 'Linger 8 candles';

/** The pause of production: a shorter one would record more background statements in each step. */
const mailPollMs = 1000;

let counter: StatementCounter;
let gateway: TestGateway;
const first = useGateway();
beforeAll(async () => {
  counter = await startStatementCounter(first.database.url);
  gateway = await startTestGateway(
    {
      DATABASE_URL: counter.url,
      LOCKOUT: '3/15m',
      TRUSTED_PROXIES: '127.0.0.1/32',
      SIGN_IN_METHODS: 'password,email-code',
    },
    first,
    mailPollMs,
  );
});
afterAll(async () => {
  await gateway.stop();
  await counter.close();
});

type Step = (email: string) => Promise<Response>;

const source = '192.0.2.1';

function step<Input>(
  document: TypedDocumentNode<unknown, { input: Input }>,
  inputOf: (email: string) => Input,
  ipAddress = source,
): Step {
  return (email) => gateway.post(bodyOf(document, { input: inputOf(email) }), { 'x-forwarded-for': ipAddress });
}

const register = (chosen = password, ipAddress = source) =>
  step(RegisterDocument, (email) => ({ email, password: chosen }), ipAddress);
const resend = step(ResendVerificationEmailDocument, (email) => ({ email }));
const reset = step(RequestPasswordResetDocument, (email) => ({ email }));
const login = step(FullLoginDocument, (email) => ({ email, password: `${password}?` }));
const beginCode = step(BeginCodeLoginDocument, (email) => ({ email }));
/** A wrong code for a new flow, from a source of its own: failures of one source add up. */
const wrongCode: Step = async (email) => {
  const begun = await beginCode(email);
  const { data }: { data: BeginCodeLoginMutation } = JSON.parse(await begun.text());
  const { flow } = data.beginCodeLogin;
  const ownSource = `198.51.100.${Number(/\d+/.exec(email)?.[0]) % 250}`;
  return step(FullCompleteCodeLoginDocument, () => ({ flow, code: '1234567x' }), ownSource)(email);
};

const known = () => registerUser(gateway);
const unknown = async () => newAddress();
const pending = async () => {
  const email = newAddress();
  await register(password, '198.51.100.7')(email);
  return email;
};
/** As an older version stored it. */
const pendingUnsealed = async () => {
  const email = await pending();
  await gateway.database.query('update registrations set token_sealed = null where email = $1', [email]);
  return email;
};
const contested = async () => {
  const email = await pending();
  await register(otherPassword, '198.51.100.8')(email);
  return email;
};
const withStatus = (status: 'SUSPENDED' | 'DELETED') => async () => {
  const email = await known();
  await gateway.database.query(
    `update users set status = $2, deleted_at = case $2 when 'DELETED' then $3::timestamptz end where email = $1`,
    [email, status, gateway.clock.now()],
  );
  return email;
};
const suspended = withStatus('SUSPENDED');
const deleted = withStatus('DELETED');

/** @returns for each step what the client and PostgreSQL see: the response, then the statements */
async function workOf(prepare: () => Promise<string>, steps: readonly Step[]): Promise<string[][]> {
  const email = await prepare();
  const work: string[][] = [];
  for (const take of steps) {
    gateway.clock.travel(1);
    let answer = '';
    const statements = await counter.record(async () => {
      const response = await take(email);
      answer = await response.text();
    });
    work.push([withoutRequest(answer), ...requestTexts(statements).map(normalised)]);
  }
  return work;
}

/** Replaces values by placeholders. */
function normalised(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\$\d+(::\w+)?|\bnull\b/g, '?')
    .replace(/\?(, \?)+/g, '?');
}

function withoutRequest(answer: string): string {
  return answer
    .replace(/"(requestId|retryAfterSeconds|flow|expiresAt)":("[^"]*"|\d+)/g, '"$1"')
    .replace(/"maskedTarget":".•••@/, '"maskedTarget":"•••@');
}

const writtenTables = ['audit_entries', 'code_flows', 'mail_tokens', 'outbox_mails', 'registrations'];

async function countRows(): Promise<number[]> {
  const counts = writtenTables.map((table) => `(select count(*)::int from ${table})`);
  const [row] = await gateway.database.query<{ counts: number[] }>(`select array[${counts.join(', ')}] as counts`);
  return row?.counts ?? [];
}

/** @returns how many rows the step adds to each of `writtenTables` */
async function rowsOf(email: string, take: Step): Promise<number[]> {
  const before = await countRows();
  await take(email);
  const after = await countRows();
  return after.map((count, index) => count - (before[index] ?? 0));
}

test('a reset, a wrong password and a mail code store as many rows for an unknown address as for a known one', async () => {
  for (const take of [reset, login, beginCode, wrongCode]) {
    gateway.clock.travel(1);
    const ofKnown = await rowsOf(await known(), take);
    expect(await rowsOf(newAddress(), take)).toEqual(ofKnown);
    expect(ofKnown.some((rows) => rows > 0)).toBe(true);
  }
});

const repeated = (take: Step, count: number) => Array.from({ length: count }, () => take);

describe.each([
  ['register', { free: unknown }, { taken: known, suspended, deleted }, repeated(register(), 5)],
  [
    'register with other passwords',
    { free: unknown },
    { taken: known, deleted },
    [register(), register(otherPassword), register(), register(otherPassword), register('Rest 9 torches')],
  ],
  [
    'register after mails that were requested',
    { free: unknown },
    { taken: known, deleted },
    [register(), resend, resend, resend, register(), reset, register(), reset, register()],
  ],
  [
    'requestPasswordReset',
    { unknown },
    { known, suspended, deleted, pending, pendingUnsealed, contested },
    repeated(reset, 5),
  ],
  [
    'requestPasswordReset after registrations',
    { free: unknown },
    { taken: known, deleted },
    [...repeated(register(), 4), ...repeated(reset, 4)],
  ],
  [
    'resendVerificationEmail',
    { unknown },
    { known, deleted, pending, pendingUnsealed, contested },
    repeated(resend, 5),
  ],
  ['login', { unknown }, { known, suspended, deleted, pending, contested }, repeated(login, 4)],
  ['beginCodeLogin', { unknown }, { known, suspended, deleted, pending, contested }, repeated(beginCode, 5)],
  ['completeCodeLogin', { unknown }, { known, suspended, deleted, pending }, repeated(wrongCode, 4)],
] as const)('%s executes the same statements', (_operation, reference, others, steps) => {
  const [[referenceLabel, prepareReference]] = Object.entries(reference) as [[string, () => Promise<string>]];
  let expected: string[][];
  beforeAll(async () => {
    expected = await workOf(prepareReference, steps);
  });

  test.each(Object.entries(others))(
    `for an address that is %s as for one that is ${referenceLabel}`,
    async (_label, prepare) => {
      expect(await workOf(prepare, steps)).toEqual(expected);
      for (const statements of expected) expect(statements.length).toBeGreaterThan(2);
    },
  );
});
