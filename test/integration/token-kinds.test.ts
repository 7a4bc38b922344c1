/**
 * Every kind of token at every operation that accepts one: it works in its own operation, once and until it expires,
 * and is invalid in all others. The operations are read from the schema, so that a new one must be added here.
 */
import { isInputObjectType, isNonNullType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTypes } from '../../src/graphql/schema.ts';
import { answerOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, lockoutOff, newAddress, signIn, testSecret } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FederatedProvidersDocument,
  FullLoginDocument,
  LoginWithIdTokenDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { subjects, tokenForAddress } from '../support/people/address-change.ts';
import { createApiKey, issueClientToken } from '../support/people/api-keys.ts';
import { challenge, codeAt, enrol } from '../support/people/authenticator.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { invite } from '../support/people/invite.ts';
import { mailedCode } from '../support/people/mail-codes.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const settings: Record<string, string> = {
  ...lockoutOff,
  SIGN_IN_METHODS: 'password,passkey,federated,email-code',
  ROUTER_SECRET: testSecret,
};
let provider: FakeProvider;
let file: ProvidersFile;
let providerId = '';
const nonce = 'a nonce of an app';
beforeAll(async () => {
  provider = await startFakeProvider();
  const google = { slug: 'google', kind: 'GOOGLE', displayName: 'Google', issuer: provider.url, clientId: 'app' };
  file = await writeProviders([google]);
  settings.FEDERATED_PROVIDERS = file.path;
});
const gateway = useGateway(settings);
beforeAll(async () => {
  providerId = (await gateway.send(FederatedProvidersDocument, {})).federatedProviders[0]?.id ?? '';
});
afterAll(async () => {
  await file.remove();
  await provider.stop();
});

/** Signs in as a new user of the provider. @returns the ticket of the proposal */
async function proposed(email: string): Promise<string> {
  const iat = Math.floor(gateway.clock.now().getTime() / 1000);
  const person = { sub: email, email, email_verified: true, hd: 'example.com' };
  const idToken = await provider.sign({ iss: provider.url, aud: 'app', iat, exp: iat + 600, nonce, ...person });
  const { loginWithIdToken } = await gateway.send(LoginWithIdTokenDocument, { input: { providerId, idToken, nonce } });
  if (!('ticket' in loginWithIdToken)) throw new Error('no proposal');
  return loginWithIdToken.ticket;
}

/** A mutation with a token: its field, the other input, and the code for an invalid token. */
interface Endpoint {
  field: 'token' | 'ticket' | 'refreshToken' | 'idToken';
  others?: object | (() => object);
  refusal: string;
}

const doors: Readonly<Record<string, Endpoint>> = {
  verifyEmail: { field: 'token', refusal: 'INVALID_TOKEN' },
  resetPassword: { field: 'token', others: { newPassword: 'Marble 8 galaxies' }, refusal: 'INVALID_TOKEN' },
  confirmEmailChange: { field: 'token', refusal: 'INVALID_TOKEN' },
  disownSession: { field: 'token', refusal: 'INVALID_TOKEN' },
  confirmPasskey: { field: 'token', refusal: 'INVALID_TOKEN' },
  verifyMfa: { field: 'ticket', others: { method: 'TOTP', code: '000000' }, refusal: 'INVALID_MFA_TICKET' },
  beginMfaCode: { field: 'ticket', others: { method: 'EMAIL_CODE' }, refusal: 'INVALID_MFA_TICKET' },
  completeCodeLogin: { field: 'token', others: { codeVerifier: 'x'.repeat(43) }, refusal: 'INVALID_TOKEN' },
  beginPasskeyLogin: { field: 'ticket', refusal: 'INVALID_MFA_TICKET' },
  loginWithPasskey: { field: 'ticket', others: { response: {} }, refusal: 'INVALID_MFA_TICKET' },
  acceptLink: { field: 'ticket', others: { password: goodPassword }, refusal: 'INVALID_TOKEN' },
  finishFederatedSignUp: { field: 'ticket', refusal: 'INVALID_TOKEN' },
  loginWithIdToken: { field: 'idToken', others: () => ({ providerId, nonce }), refusal: 'FEDERATED_LOGIN_FAILED' },
  refresh: { field: 'refreshToken', refusal: 'INVALID_REFRESH_TOKEN' },
  // Sign-out with an invalid token changes nothing, and reports it.
  logout: { field: 'refreshToken', refusal: 'nothing ended' },
};
const doorNames = Object.keys(doors);
const longestMailToken = 100;

interface Token {
  token: string;
  /** What its own operation needs beside the token. */
  others?: () => object;
}

interface Kind {
  name: string;
  make(): Promise<Token>;
  /** The first one is the operation for the attempt. */
  opens: readonly string[];
  lifeSeconds: number;
  /** A refresh token is accepted again until its successor is used (test/integration/sessions.test.ts). */
  worksUntilSuccessor?: true;
  /** The same response is repeated for this long, without a second effect (test/integration/repeated-links.test.ts). */
  repeatSeconds?: number;
}

const repeatSeconds = 60;

const newSession = async () => signIn(gateway, await createUser(gateway));
const mailedTo = async (email: string, subject?: string) => ({
  token: tokenIn(await gateway.mail.take(email, subject)),
});

async function warned(): Promise<string> {
  const session = await newSession();
  await gateway.send(RequestEmailChangeDocument, { input: { newEmail: newAddress() } }, session.accessToken);
  return session.viewer.email;
}

const kinds: readonly Kind[] = [
  {
    name: 'of a registration',
    async make() {
      const email = newAddress();
      await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
      return mailedTo(email);
    },
    opens: ['verifyEmail'],
    lifeSeconds: day,
    repeatSeconds,
  },
  {
    name: 'of a reset',
    async make() {
      const email = await createUser(gateway);
      await gateway.send(RequestPasswordResetDocument, { input: { email } });
      return mailedTo(email, 'Reset your password');
    },
    opens: ['resetPassword'],
    lifeSeconds: hour,
  },
  {
    name: 'of an invitation',
    make: async () => ({ token: await invite(gateway, newAddress()) }),
    opens: ['resetPassword'],
    lifeSeconds: 7 * day,
  },
  {
    name: 'of a change of address',
    make: async () => ({ token: await tokenForAddress(gateway, await newSession(), newAddress()) }),
    opens: ['confirmEmailChange'],
    lifeSeconds: hour,
    repeatSeconds,
  },
  {
    name: '“this was not me”, of a change of address',
    make: async () => mailedTo(await warned(), subjects.warning),
    opens: ['disownSession'],
    lifeSeconds: 7 * day,
    repeatSeconds,
  },
  {
    name: '“this was not me”, of a sign-in',
    async make() {
      const { viewer } = await newSession();
      const input = { email: viewer.email, password: goodPassword };
      await gateway.post(bodyOf(FullLoginDocument, { input }), { 'user-agent': 'Stranger/1' });
      return mailedTo(viewer.email, 'A new sign-in to your account');
    },
    opens: ['disownSession'],
    lifeSeconds: 7 * day,
    repeatSeconds,
  },
  {
    name: 'of a sign-in that waits for its second step',
    async make() {
      const { email, secret } = await enrol(gateway);
      const { ticket } = await challenge(gateway, email);
      return { token: ticket, others: () => ({ method: 'TOTP', code: codeAt(secret, gateway.clock.now()) }) };
    },
    opens: ['verifyMfa', 'beginMfaCode', 'beginPasskeyLogin', 'loginWithPasskey'],
    lifeSeconds: 5 * minute,
  },
  {
    name: 'of a link to sign in',
    async make() {
      const { token, codeVerifier } = await mailedCode(gateway, await createUser(gateway));
      return { token, others: () => ({ codeVerifier }) };
    },
    opens: ['completeCodeLogin'],
    lifeSeconds: 10 * minute,
  },
  {
    name: 'of a proposal to link',
    make: async () => ({ token: await proposed(await createUser(gateway)) }),
    opens: ['acceptLink'],
    lifeSeconds: 10 * minute,
  },
  {
    name: 'of a proposal to sign up',
    make: async () => ({ token: await proposed(newAddress()) }),
    opens: ['finishFederatedSignUp'],
    lifeSeconds: 10 * minute,
  },
  {
    name: 'to refresh with',
    make: async () => ({ token: (await newSession()).refreshToken }),
    opens: ['refresh', 'logout'],
    lifeSeconds: 7 * day,
    worksUntilSuccessor: true,
  },
];

const administratorToken = async () => (await registerUserWithRole(gateway, 'ADMIN')).accessToken;

async function identityToken(accessToken: string): Promise<string> {
  const response = await fetch(`${gateway.url}/auth/identities`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': testSecret, ...bearer(accessToken) },
    body: '{"audiences":["products"]}',
  });
  const { tokens }: { tokens: { products: string } } = JSON.parse(await response.text());
  return tokens.products;
}

/** Values that no operation accepts. */
const strangers: readonly [string, () => Promise<string>][] = [
  ['an access token', async () => (await newSession()).accessToken],
  ['an API key', async () => (await createApiKey(gateway, (await newSession()).accessToken)).key],
  ['an identity token of a subgraph', async () => identityToken((await newSession()).accessToken)],
  ['a client token', async () => issueClientToken(gateway, await administratorToken())],
  ['a device token', async () => (await newSession()).deviceToken ?? ''],
  ['an id', async () => (await newSession()).session.id],
  ['nothing', async () => 'x'],
  ['a token that was never handed out', async () => 'A'.repeat(43)],
  ['a novel', async () => 'A'.repeat(20_000)],
  ['a percent sign and a zero', async () => '%00\u0000'],
  ['SQL', async () => "' or 1=1 --"],
];

/** @returns the code of the refusal, or "open" */
async function knock(name: string, token: string, others: object = {}): Promise<string> {
  const door = doors[name];
  if (!door) throw new Error(`there is no door ${name}`);
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  const selection = name === 'logout' ? '{ revoked }' : '{ __typename }';
  const query = `mutation ($input: ${type}) { ${name}(input: $input) ${selection} }`;
  const usual = typeof door.others === 'function' ? door.others() : door.others;
  const input = { ...usual, ...others, [door.field]: token };
  const { errors, text } = await answerOf(gateway.post({ query, variables: { input } }));
  if (errors.length > 0) return errors.map(({ extensions }) => extensions.code).join();
  return text.includes('"revoked":false') ? 'nothing ended' : 'open';
}

async function expectNoEntry(token: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const answered = await knock(name, token);
    // Longer than the limit of the field: refused before any query.
    const isTooLong = answered === 'BAD_USER_INPUT' && token.length > longestMailToken;
    if (!isTooLong) expect([name, answered]).toEqual([name, doors[name]?.refusal]);
  }
}

test('every operation with a token is covered', () => {
  const mutations = Object.values(buildTypes().getMutationType()?.getFields() ?? {});
  const takers = mutations.filter(({ args }) => {
    const [type] = args.map((argument) => (isNonNullType(argument.type) ? argument.type.ofType : argument.type));
    if (!isInputObjectType(type)) return false;
    return Object.keys(type.getFields()).some((field) => /token|ticket/i.test(field));
  });
  expect(takers.map(({ name }) => name).sort()).toEqual(doorNames.toSorted());
});

describe.each(kinds)('a token $name', (kind) => {
  const { make, opens, lifeSeconds, worksUntilSuccessor = false, repeatSeconds: repeats = 0 } = kind;
  const [own = ''] = opens;

  test('is invalid at every other operation, and stays valid after the attempt', async () => {
    const { token, others } = await make();
    const foreign = doorNames.filter((name) => !opens.includes(name));
    await expectNoEntry(token, foreign);
    const { errors } = await answerOf(gateway.post({ query: '{ viewer { id } }' }, bearer(token)));
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' } }]);
    expect(await knock(own, token, others?.())).toBe('open');
  });

  test('works once', async () => {
    const { token, others } = await make();
    expect(await knock(own, token, others?.())).toBe('open');
    if (repeats > 0) expect(await knock(own, token, others?.())).toBe('open');
    gateway.clock.travel(1 + repeats);
    await expectNoEntry(
      token,
      doorNames.filter((name) => !(worksUntilSuccessor && opens.includes(name))),
    );
  });

  test('works until its last second, and not later', async () => {
    const early = await make();
    gateway.clock.travel(lifeSeconds - 1);
    expect(await knock(own, early.token, early.others?.())).toBe('open');
    const late = await make();
    gateway.clock.travel(lifeSeconds);
    expect(await knock(own, late.token, late.others?.())).toBe(doors[own]?.refusal);
  });

  test('is invalid with a letter changed, added or removed', async () => {
    const { token, others } = await make();
    const other = token.startsWith('A') ? 'B' : 'A';
    for (const damaged of [other + token.slice(1), `${token}A`, token.slice(0, -1), ` ${token}`, token.toUpperCase()])
      expect(await knock(own, damaged, others?.())).toBe(doors[own]?.refusal);
    expect(await knock(own, token, others?.())).toBe('open');
  });
});

test.each(strangers)('%s is invalid everywhere', async (_what, make) => expectNoEntry(await make(), doorNames));
