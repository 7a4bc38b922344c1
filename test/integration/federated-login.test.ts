/** Sign-in with an OpenID Connect provider: sign-up, sign-in, linking, unlinking, second factor, reauthentication. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import {
  AcceptLinkDocument,
  DisownSessionDocument,
  FinishFederatedSignUpDocument,
  FullReauthenticateDocument,
  IdentitiesDocument,
  LinkIdentityDocument,
  SetPasswordDocument,
  UnlinkIdentityDocument,
  VerifyEmailDocument,
  VerifyMfaDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { enrol } from '../support/people/authenticator.ts';
import {
  begin,
  type Completed,
  callBack,
  complete,
  entryOf,
  obtainCode,
  type ProvidersFile,
  returnTo,
  signInAt,
  writeProviders,
} from '../support/people/federated.ts';
import { addPasskey, askLogin } from '../support/people/passkeys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { raceAtUser } from '../support/races/row-lock.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/servers/identity-provider.ts';

const otherPage = 'https://app.example.com/other';
let provider: IdentityProvider;
let file: ProvidersFile;
let gateway: TestGateway;
beforeAll(async () => {
  provider = await startIdentityProvider('https://auth.example.com/auth/callback/test');
  file = await writeProviders([entryOf(provider)]);
  gateway = await startTestGateway({
    FEDERATED_PROVIDERS: file.path,
    RETURN_URLS: `${returnTo},${otherPage},com.example.app:/back`,
    RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
  });
});
afterAll(async () => {
  await gateway.stop();
  await file.remove();
  await provider.stop();
});

let serial = 0;
/** The provider's user from now on, with a verified address. */
function user(email = newAddress(), more: object = {}): string {
  serial += 1;
  provider.user = { subject: `subject-${serial}`, email, email_verified: true, name: 'Ada Lovelace', ...more };
  return email;
}

type Kind<Name extends Completed['__typename']> = Extract<Completed, { __typename: Name }>;

function as<Name extends Completed['__typename']>(name: Name, result: Completed): Kind<Name> {
  const isKind = (one: Completed): one is Kind<Name> => one.__typename === name;
  if (!isKind(result)) throw new Error(`expected ${name}, got ${result.__typename}`);
  return result;
}

const finish = async (ticket: string, more: object = {}) =>
  (await gateway.send(FinishFederatedSignUpDocument, { input: { ticket, ...more } })).finishFederatedSignUp;

/** An account without a password, signed up with the provider. */
async function signUp() {
  const email = user();
  const { ticket } = as('SignUpProposal', await signInAt(gateway, provider));
  const session = await finish(ticket);
  if (session.__typename !== 'AuthSession') throw new Error('no session');
  return { email, ...session };
}

const identitiesOf = async (accessToken: string) =>
  (await gateway.send(IdentitiesDocument, {}, accessToken)).viewer?.identities ?? [];

const countIdentities = async (email: string) =>
  gateway.database.query('select count(*)::int from identities i join users u on u.id = i.user_id where u.email = $1', [
    email,
  ]);

// First, because the provider's clock cannot be moved.
describe('reauthentication', () => {
  test('with the provider renews the session', async () => {
    const { accessToken, session } = await signUp();
    const federated = await obtainCode(gateway, provider, { purpose: 'REAUTHENTICATE' }, accessToken);
    const { reauthenticate } = await gateway.send(FullReauthenticateDocument, { input: { federated } }, accessToken);
    expect(reauthenticate.session).toMatchObject({ id: session.id, assurance: 'AAL1' });
  });

  test('with another identity, and in another session, is refused', async () => {
    const { accessToken } = await signUp();
    user();
    const federated = await obtainCode(gateway, provider, { purpose: 'REAUTHENTICATE' }, accessToken);
    const other = await signUp();
    const prove = (token: string) => gateway.send(FullReauthenticateDocument, { input: { federated } }, token);
    expect(await refusal(prove(other.accessToken))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await refusal(prove(accessToken))).toMatchObject({ code: 'FEDERATED_LOGIN_FAILED' });
  });

  test('with an authentication of long ago is refused', async () => {
    const { accessToken } = await signUp();
    const { authorizationUrl } = await begin(gateway, { purpose: 'REAUTHENTICATE' }, accessToken);
    expect(new URL(authorizationUrl).searchParams.get('max_age')).toBe('0');
    const callback = await provider.visit(authorizationUrl);
    gateway.clock.travel(120);
    expect((await callBack(gateway, callback)).fragment).toMatchObject({ reason: 'PROVIDER_REFUSED' });
  });
});

describe('a new identity with a verified address', () => {
  test('signs up, and signs in again', async () => {
    const email = user();
    const proposal = as('SignUpProposal', await signInAt(gateway, provider));
    expect(proposal).toMatchObject({ emailAtProvider: email, displayName: 'Ada Lovelace', missing: [] });
    const created = await finish(proposal.ticket);
    expect(created).toMatchObject({
      __typename: 'AuthSession',
      session: { methods: ['FEDERATED'], assurance: 'AAL1' },
      viewer: { email, emailVerified: true, displayName: 'Ada Lovelace' },
    });
    const again = as('AuthSession', await signInAt(gateway, provider));
    expect(again.viewer).toMatchObject({ email });
    expect(await identitiesOf(again.accessToken)).toMatchObject([
      { provider: { slug: 'test' }, email, lastUsedAt: expect.any(String) },
    ]);
  });

  test('signs up once with one ticket', async () => {
    user();
    const { ticket } = as('SignUpProposal', await signInAt(gateway, provider));
    const results = await atOnce(4, () => finish(ticket));
    expect(valuesOf(results)).toHaveLength(1);
    expect(codesOf(results)).toEqual({ INVALID_TOKEN: 3 });
  });

  test('deletes pending registrations of the address', async () => {
    const email = user();
    await gateway.post({
      query: `mutation { register(input: { email: "${email}", password: "${goodPassword}" }) { status } }`,
    });
    const { ticket } = as('SignUpProposal', await signInAt(gateway, provider));
    await finish(ticket);
    expect(await gateway.database.query('select id from registrations where email = $1', [email])).toEqual([]);
  });
});

describe('an identity without a verified address', () => {
  test('never reveals an account: the user enters an address, and a mail confirms it', async () => {
    const email = await registerUser(gateway);
    user(email, { email_verified: false });
    const proposal = as('SignUpProposal', await signInAt(gateway, provider));
    expect(proposal).toMatchObject({ emailAtProvider: null, missing: ['email'] });
    expect(await refusal(finish(proposal.ticket))).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await finish(proposal.ticket, { email })).toEqual({
      __typename: 'RegisterPayload',
      status: 'VERIFICATION_SENT',
    });
    await gateway.mail.take(email, 'You already have an account');
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
  });

  test('becomes an account when the address is confirmed, and signs in', async () => {
    user('unverified@example.com', { email_verified: false });
    const { ticket } = as('SignUpProposal', await signInAt(gateway, provider));
    const email = newAddress();
    await finish(ticket, { email });
    const token = tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
    await gateway.send(VerifyEmailDocument, { input: { token } });
    expect(as('AuthSession', await signInAt(gateway, provider)).viewer).toMatchObject({ email });
  });

  test('is not linked by the mail of a contested registration', async () => {
    const email = newAddress();
    await gateway.post({
      query: `mutation { register(input: { email: "${email}", password: "${goodPassword}" }) { status } }`,
    });
    await gateway.mail.take(email, 'Confirm your e-mail address');
    user('other@example.com', { email_verified: false });
    const { ticket } = as('SignUpProposal', await signInAt(gateway, provider));
    await finish(ticket, { email });
    const token = tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
    await gateway.send(VerifyEmailDocument, { input: { token } });
    await gateway.mail.take(email, 'Choose a password');
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
  });
});

describe('an identity with the verified address of an account', () => {
  test('is linked only with a proof of the account', async () => {
    const email = await registerUser(gateway);
    user(email);
    const proposal = as('LinkProposal', await signInAt(gateway, provider));
    expect(proposal).toMatchObject({ email, proofs: ['PASSWORD'] });
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
    const accept = (password: string) =>
      gateway.send(AcceptLinkDocument, { input: { ticket: proposal.ticket, password } });
    expect(await refusal(accept('Wrong 1 password'))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
    expect((await accept(goodPassword)).acceptLink).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
    expect(await countIdentities(email)).toEqual([{ count: 1 }]);
    await gateway.mail.take(email, 'A way to sign in was added');
    expect(as('AuthSession', await signInAt(gateway, provider)).viewer).toMatchObject({ email });
    expect(await refusal(accept(goodPassword))).toMatchObject({ code: 'INVALID_TOKEN' });
  });

  test('is not linked with the passkey of another account', async () => {
    const email = await registerUser(gateway);
    const other = await signIn(gateway, await createUser(gateway));
    const { key } = await addPasskey(gateway, other);
    user(email);
    const { ticket } = as('LinkProposal', await signInAt(gateway, provider));
    const passkey = key.sign(await askLogin(gateway));
    expect(await refusal(gateway.send(AcceptLinkDocument, { input: { ticket, passkey } }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
  });

  test('is linked after the second step of an account with a second factor, not before', async () => {
    const email = await createUser(gateway);
    const { code } = await enrol(gateway, email);
    user(email);
    const { ticket } = as('LinkProposal', await signInAt(gateway, provider));
    const { acceptLink } = await gateway.send(AcceptLinkDocument, { input: { ticket, password: goodPassword } });
    if (acceptLink.__typename !== 'MfaChallenge') throw new Error('no challenge');
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
    gateway.clock.travel(60);
    await gateway.send(VerifyMfaDocument, { input: { ticket: acceptLink.ticket, method: 'TOTP', code: code() } });
    expect(await countIdentities(email)).toEqual([{ count: 1 }]);
  });
});

describe('a linked identity', () => {
  test('asks for the second factor of the account', async () => {
    const { accessToken, email } = await signUp();
    await gateway.send(SetPasswordDocument, { input: { newPassword: goodPassword } }, accessToken);
    const { code } = await enrol(gateway, email);
    const challenge = as('MfaChallenge', await signInAt(gateway, provider));
    gateway.clock.travel(60);
    const { verifyMfa } = await gateway.send(VerifyMfaDocument, {
      input: { ticket: challenge.ticket, method: 'TOTP', code: code() },
    });
    expect(verifyMfa.session).toMatchObject({ assurance: 'AAL2', methods: ['FEDERATED', 'TOTP'] });
  });

  test('keeps its user when the address at the provider changes', async () => {
    const { email } = await signUp();
    const taken = await registerUser(gateway);
    provider.user = { ...provider.user, email: taken };
    const session = as('AuthSession', await signInAt(gateway, provider));
    expect(session.viewer).toMatchObject({ email });
    expect(await identitiesOf(session.accessToken)).toMatchObject([{ email: taken }]);
  });

  test.each([
    ['SUSPENDED', 'ACCOUNT_SUSPENDED'],
    ['DELETED', 'FEDERATED_LOGIN_FAILED'],
  ])('of a %s user is refused with %s', async (status, code) => {
    const { email } = await signUp();
    await gateway.database.query('update users set status = $2, deleted_at = now() where email = $1', [email, status]);
    expect(await refusal(signInAt(gateway, provider))).toMatchObject({ code });
  });

  test('is removed, with the sessions that used it, by the link of the mail about it', async () => {
    const email = await registerUser(gateway);
    const session = await signIn(gateway, email);
    user(email);
    const exchange = await obtainCode(gateway, provider, { purpose: 'LINK' }, session.accessToken);
    await gateway.send(LinkIdentityDocument, { input: exchange }, session.accessToken);
    const attacker = as('AuthSession', await signInAt(gateway, provider));
    const token = tokenIn(await gateway.mail.take(email, 'A way to sign in was added'));
    await gateway.send(DisownSessionDocument, { input: { token } });
    expect(await countIdentities(email)).toEqual([{ count: 0 }]);
    expect(await refusal(gateway.send(IdentitiesDocument, {}, attacker.accessToken))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

describe('linking in a session', () => {
  test('links an identity with any address, and unlinks it', async () => {
    const email = await registerUser(gateway);
    const session = await signIn(gateway, email);
    user(newAddress());
    const exchange = await obtainCode(gateway, provider, { purpose: 'LINK' }, session.accessToken);
    const { linkIdentity } = await gateway.send(LinkIdentityDocument, { input: exchange }, session.accessToken);
    const identityId = linkIdentity.viewer.identities[0]?.id ?? '';
    expect(as('AuthSession', await signInAt(gateway, provider)).viewer).toMatchObject({ email });
    const { unlinkIdentity } = await gateway.send(
      UnlinkIdentityDocument,
      { input: { identityId } },
      session.accessToken,
    );
    expect(unlinkIdentity.viewer.identities).toEqual([]);
    await gateway.mail.take(email, 'A way to sign in was removed');
    as('SignUpProposal', await signInAt(gateway, provider));
  });

  test('refuses the code in another session, and an identity of another user', async () => {
    const session = await signIn(gateway, await registerUser(gateway));
    const other = await signIn(gateway, await registerUser(gateway));
    user();
    const exchange = await obtainCode(gateway, provider, { purpose: 'LINK' }, session.accessToken);
    const link = (accessToken: string, input = exchange) => gateway.send(LinkIdentityDocument, { input }, accessToken);
    expect(await refusal(link(other.accessToken))).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await refusal(complete(gateway, exchange))).toMatchObject({ code: 'INVALID_TOKEN' });
    await link(session.accessToken);
    const second = await obtainCode(gateway, provider, { purpose: 'LINK' }, other.accessToken);
    expect(await refusal(link(other.accessToken, second))).toMatchObject({ code: 'IDENTITY_TAKEN' });
  });

  test('of one identity by two users at the same time succeeds once', async () => {
    user();
    const exchanges = [];
    for (let count = 0; count < 2; count += 1) {
      const session = await signIn(gateway, await registerUser(gateway));
      exchanges.push({ session, input: await obtainCode(gateway, provider, { purpose: 'LINK' }, session.accessToken) });
    }
    const results = await Promise.allSettled(
      exchanges.map(({ session, input }) => gateway.send(LinkIdentityDocument, { input }, session.accessToken)),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('needs a recent authentication to begin', async () => {
    const session = await signIn(gateway, await registerUser(gateway));
    expect(await refusal(begin(gateway, { purpose: 'LINK' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
    gateway.clock.travel(11 * 60);
    expect(await refusal(begin(gateway, { purpose: 'LINK' }, session.accessToken))).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
  });

  test('the only way in cannot be unlinked', async () => {
    const { accessToken } = await signUp();
    const [identity] = await identitiesOf(accessToken);
    const unlink = gateway.send(UnlinkIdentityDocument, { input: { identityId: identity?.id ?? '' } }, accessToken);
    expect(await refusal(unlink)).toMatchObject({ code: 'CONFLICT', extensions: { reason: 'LAST_WAY_IN' } });
    as('AuthSession', await signInAt(gateway, provider));
  });
});

test('of the last two ways in, unlinked at the same time, one stays', async () => {
  const { accessToken, viewer } = await signUp();
  user();
  const second = await obtainCode(gateway, provider, { purpose: 'LINK' }, accessToken);
  await gateway.send(LinkIdentityDocument, { input: second }, accessToken);
  const identities = await identitiesOf(accessToken);
  const unlink = (place: number) =>
    gateway.send(UnlinkIdentityDocument, { input: { identityId: identities[place]?.id ?? '' } }, accessToken);
  const results = await raceAtUser(gateway, { viewer }, 2, () => atOnce(2, unlink));
  expect([valuesOf(results).length, codesOf(results)]).toEqual([1, { CONFLICT: 1 }]);
  expect(await identitiesOf(accessToken)).toHaveLength(1);
});

describe('the callback', () => {
  test('returns code and flow in the fragment, or in the query of a custom scheme', async () => {
    user();
    const web = await begin(gateway);
    const callback = await callBack(gateway, await provider.visit(web.authorizationUrl));
    expect(callback).toMatchObject({ status: 303, fragment: { flow: web.flow, code: expect.any(String) } });
    expect(callback.location).toMatch(/^https:\/\/app\.example\.com\/signed-in#code=/);
    const app = await begin(gateway, { returnTo: 'com.example.app:/back' });
    const { location } = await callBack(gateway, await provider.visit(app.authorizationUrl));
    expect(location).toMatch(/^com\.example\.app:\/back\?code=[\w-]{43}&flow=/);
  });

  test('with an unknown or used state is refused without a redirect', async () => {
    const refused = { status: 400, location: null };
    const state = 'x'.repeat(43);
    expect(await callBack(gateway, `https://a/auth/callback/test?state=unknown&code=1`)).toMatchObject(refused);
    expect(await callBack(gateway, `https://a/auth/callback/test?state=${state}&code=1`)).toMatchObject(refused);
    expect(await callBack(gateway, `https://a/auth/callback/unknown?state=${state}&code=1`)).toMatchObject(refused);
    user();
    const { authorizationUrl } = await begin(gateway);
    const callback = await provider.visit(authorizationUrl);
    expect(await callBack(gateway, callback)).toMatchObject({ status: 303 });
    expect(await callBack(gateway, callback)).toMatchObject(refused);
  });

  test('with an expired state is refused', async () => {
    user();
    const { authorizationUrl } = await begin(gateway);
    const callback = await provider.visit(authorizationUrl);
    gateway.clock.travel(10 * 60 + 1);
    expect(await callBack(gateway, callback)).toMatchObject({ status: 400 });
  });

  test.each([
    ['error=access_denied', 'CANCELLED'],
    ['error=server_error', 'PROVIDER_REFUSED'],
    ['code=wrong', 'PROVIDER_REFUSED'],
  ])('with %s returns the reason %s', async (parameters, reason) => {
    const { authorizationUrl } = await begin(gateway);
    const state = new URL(authorizationUrl).searchParams.get('state') ?? '';
    const iss = encodeURIComponent(provider.issuer);
    const { fragment } = await callBack(
      gateway,
      `https://a/auth/callback/test?state=${state}&iss=${iss}&${parameters}`,
    );
    expect(fragment).toMatchObject({ error: 'FEDERATED_LOGIN_FAILED', reason });
  });

  test.each(['', `&iss=${encodeURIComponent('https://attacker.example')}`])(
    'without the issuer of the provider ("%s") is refused (mix-up)',
    async (iss) => {
      user();
      const { authorizationUrl } = await begin(gateway);
      const callback = await provider.visit(authorizationUrl);
      callback.searchParams.delete('iss');
      const { fragment } = await callBack(gateway, `${callback}${iss}`);
      expect(fragment).toMatchObject({ reason: 'PROVIDER_REFUSED' });
    },
  );

  test('is limited by source', async () => {
    const settings = {
      FEDERATED_PROVIDERS: file.path,
      RATE_LIMITS: 'anonymous=2/1h',
      RATE_LIMIT_ALLOWLIST: '10.0.0.0/8',
    };
    const limited = await startTestGateway(settings, gateway);
    const statuses = [];
    for (let count = 0; count < 3; count += 1)
      statuses.push((await callBack(limited, 'https://a/auth/callback/test?state=unknown')).status);
    await limited.end();
    expect(statuses).toEqual([400, 400, 429]);
  });

  test('with 100 kB of parameters is refused', async () => {
    const response = await fetch(`${gateway.url}/auth/callback/test`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `state=${'x'.repeat(100_000)}`,
      redirect: 'manual',
    });
    expect([response.status, response.headers.get('location')]).toEqual([413, null]);
    const long = await fetch(`${gateway.url}/auth/callback/test?state=${'x'.repeat(9000)}`, { redirect: 'manual' });
    expect(long.status).toBe(400);
  });
});

describe('the exchange code', () => {
  test('works once, also of many calls at the same time', async () => {
    await signUp();
    const exchange = await obtainCode(gateway, provider);
    const results = await atOnce(5, () => complete(gateway, exchange));
    expect(valuesOf(results)).toHaveLength(1);
    expect(codesOf(results)).toEqual({ INVALID_TOKEN: 4 });
  });

  test('needs the verifier of its own flow, and expires after a minute', async () => {
    await signUp();
    const first = await obtainCode(gateway, provider);
    const second = await obtainCode(gateway, provider, { returnTo: otherPage });
    const mixed = { code: first.code, codeVerifier: second.codeVerifier };
    expect(await refusal(complete(gateway, mixed))).toMatchObject({ code: 'INVALID_TOKEN' });
    await expect(complete(gateway, first)).resolves.toMatchObject({ __typename: 'AuthSession' });
    gateway.clock.travel(61);
    expect(await refusal(complete(gateway, second))).toMatchObject({ code: 'INVALID_TOKEN' });
  });
});

describe('the return address', () => {
  test.each([
    `${returnTo}/`,
    `${returnTo}.attacker.example`,
    `${returnTo}?x=1`,
    'https://app.example.com',
    'https://APP.example.com/signed-in',
    'https://app.example.com\\signed-in',
    'https://user@app.example.com/signed-in',
    'https://app.example.com/./signed-in',
    'https://app.example.com/%2e/signed-in',
    'javascript:alert(1)',
    'com.example.app:/other',
    '',
  ])('%s is refused', async (given) => {
    const { code, extensions } = await refusal(begin(gateway, { returnTo: given }));
    expect(code).toBe('BAD_USER_INPUT');
    expect(extensions.fields).toEqual([expect.objectContaining({ path: 'input.returnTo', code: 'NOT_LISTED' })]);
  });
});

test('the database holds hashes and sealed values, and the log none of the secrets', async () => {
  user();
  const begun = await begin(gateway);
  const callback = await provider.visit(begun.authorizationUrl);
  const { fragment } = await callBack(gateway, callback);
  const rows = JSON.stringify(await gateway.database.query('select * from federated_flows', []));
  const authorization = new URL(begun.authorizationUrl).searchParams;
  const secrets = [
    authorization.get('state'),
    authorization.get('nonce'),
    callback.searchParams.get('code'),
    fragment.code,
    begun.codeVerifier,
    provider.clientSecret,
  ];
  const audit = JSON.stringify(await gateway.database.query('select details from audit_entries', []));
  for (const secret of secrets) {
    expect(secret).toEqual(expect.any(String));
    expect(rows).not.toContain(secret);
    expect(audit).not.toContain(secret);
    expect(gateway.logs.join('')).not.toContain(secret);
  }
});
