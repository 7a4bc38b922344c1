/** Kinds of identity providers with their peculiarities, and answers of a provider that must not sign anybody in. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createSealer } from '../../src/security/keys/sealing.ts';
import { refusal, registerUser, startTestGateway, type TestGateway, testSecret } from '../support/gateway/gateway.ts';
import {
  FederatedProvidersDocument,
  FinishFederatedSignUpDocument,
  LoginWithIdTokenDocument,
} from '../support/generated/graphql.ts';
import { begin, callBack, complete, type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';

const appleKeys = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const tenant = 'a9b1c7d0-0000-4000-8000-000000000001';
const kinds = ['oidc', 'google', 'apple', 'microsoft', 'github'] as const;
type Kind = (typeof kinds)[number];

const fakes = new Map<Kind, FakeProvider>();
let file: ProvidersFile;
let gateway: TestGateway;
let ids: Record<string, string>;

beforeAll(async () => {
  for (const kind of kinds) fakes.set(kind, await startFakeProvider());
  const common = (kind: Kind) => ({
    ...{ slug: kind, kind: kind.toUpperCase(), displayName: kind, clientId: `client-${kind}` },
    ...(kind === 'github' ? {} : { issuer: fakeOf(kind).url }),
  });
  const api = fakeOf('github').url;
  file = await writeProviders([
    { ...common('oidc'), clientSecret: 'secret', policy: { trustsEmail: true, allowedDomains: ['example.com'] } },
    { ...common('google'), clientSecret: 'secret', nativeClientIds: ['app'], policy: { linking: 'VERIFIED' } },
    { ...common('apple'), appleKey: { teamId: 'TEAM', keyId: 'KEY', privateKey: appleKeys.privateKey } },
    { ...common('microsoft'), clientSecret: 'secret', policy: { allowedTenants: [tenant] } },
    {
      ...common('github'),
      clientSecret: 'secret',
      policy: { storeTokens: true },
      endpoints: {
        authorization: `${api}/authorize`,
        token: `${api}/token`,
        user: `${api}/user`,
        emails: `${api}/user/emails`,
      },
    },
  ]);
  gateway = await startTestGateway({
    FEDERATED_PROVIDERS: file.path,
    RETURN_URLS: 'https://app.example.com/signed-in',
    RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
  });
  const { federatedProviders } = await gateway.send(FederatedProvidersDocument, {});
  ids = Object.fromEntries(federatedProviders.map(({ slug, id }) => [slug, id]));
});
afterAll(async () => {
  await gateway.stop();
  await file.remove();
  for (const fake of fakes.values()) await fake.stop();
});

function fakeOf(kind: Kind): FakeProvider {
  const fake = fakes.get(kind);
  if (!fake) throw new Error('not started');
  return fake;
}

let serial = 0;
let subject = '';
beforeEach(() => {
  serial += 1;
  subject = `subject-${serial}`;
});

const seconds = () => Math.floor(Date.now() / 1000);

/** The claims of a right ID token. */
function claimsFor(kind: Kind, nonce: string | null, more: object = {}) {
  const times = { iat: seconds(), exp: seconds() + 600 };
  const who = { iss: fakeOf(kind).url, aud: `client-${kind}`, sub: subject, email: `user${serial}@example.com` };
  return { ...who, ...times, nonce, email_verified: true, ...more };
}

interface Visit {
  nonce: string;
  state: string;
  codeVerifier: string;
  url: URL;
}

async function visit(kind: Kind): Promise<Visit> {
  const { authorizationUrl, codeVerifier } = await begin(gateway, {
    providerId: ids[kind] ?? '',
    returnTo: 'https://app.example.com/signed-in',
  });
  const url = new URL(authorizationUrl);
  const { state = '', nonce = '' } = Object.fromEntries(url.searchParams);
  return { state, nonce, codeVerifier, url };
}

/** @param idToken what the token endpoint answers, made of the nonce of this visit */
async function signInAs(kind: Kind, idToken: (visited: Visit) => Promise<string>) {
  const visited = await visit(kind);
  const token = await idToken(visited);
  fakeOf(kind).answers['/token'] = { access_token: 'at', token_type: 'bearer', id_token: token };
  const answer = await callBack(gateway, `https://a/auth/callback/${kind}?state=${visited.state}&code=c`);
  return { ...answer.fragment, ...visited };
}

const done = async ({ code, codeVerifier }: { code?: string; codeVerifier: string }) =>
  complete(gateway, { code: code ?? '', codeVerifier });

describe('an ID token', () => {
  const oidc = () => fakeOf('oidc');

  test('that is right is accepted', async () => {
    const result = await signInAs('oidc', ({ nonce }) => oidc().sign(claimsFor('oidc', nonce)));
    expect(await done(result)).toMatchObject({ __typename: 'SignUpProposal', missing: [] });
  });

  const unsigned = (claims: object) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(claims)}.`;
  };
  const wrong: [string, (nonce: string) => Promise<string>][] = [
    ['without a nonce', (_nonce) => oidc().sign(claimsFor('oidc', null))],
    ['with another nonce', (_nonce) => oidc().sign(claimsFor('oidc', 'another'))],
    ['that another key signed', (nonce) => oidc().forge(claimsFor('oidc', nonce))],
    ['of an unknown key', (nonce) => oidc().sign(claimsFor('oidc', nonce), { kid: 'two' })],
    ['without a signature', async (nonce) => unsigned(claimsFor('oidc', nonce))],
    ['for another client', (nonce) => oidc().sign(claimsFor('oidc', nonce, { aud: 'another' }))],
    [
      'for several clients without azp',
      (nonce) => oidc().sign(claimsFor('oidc', nonce, { aud: ['client-oidc', 'x'] })),
    ],
    ['of another issuer', (nonce) => oidc().sign(claimsFor('oidc', nonce, { iss: fakeOf('google').url }))],
    ['that has expired', (nonce) => oidc().sign(claimsFor('oidc', nonce, { exp: seconds() - 120 }))],
    ['without a subject', (nonce) => oidc().sign(claimsFor('oidc', nonce, { sub: undefined }))],
    ['with an endless subject', (nonce) => oidc().sign(claimsFor('oidc', nonce, { sub: 'x'.repeat(300) }))],
  ];
  test.each(wrong)('%s is refused', async (_name, token) => {
    expect(await signInAs('oidc', ({ nonce }) => token(nonce))).toMatchObject({ reason: 'PROVIDER_REFUSED' });
  });

  test('of another domain, and without a verified address, is refused where the domains are listed', async () => {
    const email = 'user@other.example';
    const other = await signInAs('oidc', ({ nonce }) => oidc().sign(claimsFor('oidc', nonce, { email })));
    expect(other).toMatchObject({ reason: 'NOT_ALLOWED' });
    const unverified = { email_verified: false };
    const missing = await signInAs('oidc', ({ nonce }) => oidc().sign(claimsFor('oidc', nonce, unverified)));
    expect(missing).toMatchObject({ reason: 'EMAIL_MISSING' });
  });

  test('of a state of another provider is refused', async () => {
    const { state } = await visit('oidc');
    expect(await callBack(gateway, `https://a/auth/callback/google?state=${state}&code=c`)).toMatchObject({
      status: 400,
      location: null,
    });
  });
});

describe('a provider', () => {
  test('whose token endpoint redirects is refused, and the secrets do not follow', async () => {
    const { state } = await visit('oidc');
    const { exchanges } = fakeOf('google');
    fakeOf('oidc').redirects['/token'] = `${fakeOf('google').url}/token`;
    const before = exchanges.length;
    const { fragment } = await callBack(gateway, `https://a/auth/callback/oidc?state=${state}&code=c`);
    delete fakeOf('oidc').redirects['/token'];
    expect(fragment).toMatchObject({ reason: 'PROVIDER_REFUSED' });
    expect(exchanges).toHaveLength(before);
  });

  test('whose name resolves to an address of this machine is not called in production', async () => {
    const provider = await startFakeProvider();
    const issuer = provider.url.replace('127.0.0.1', 'localhost');
    const entry = { slug: 'local', kind: 'OIDC', displayName: 'Local', issuer, clientId: 'id', clientSecret: 'secret' };
    const local = await writeProviders([entry]);
    const settings = { FEDERATED_PROVIDERS: local.path, RETURN_URLS: 'https://app.example.com/signed-in' };
    const strict = await startTestGateway({ ...settings, OUTBOUND_ALLOW: '10.0.0.0/8' }, gateway);
    const { code, extensions } = await refusal(begin(strict, { returnTo: 'https://app.example.com/signed-in' }));
    expect([code, extensions.reason]).toEqual(['FEDERATED_LOGIN_FAILED', 'PROVIDER_REFUSED']);
    expect(provider.requests).toBe(0);
    await strict.end();
    await local.remove();
    await provider.stop();
  });

  test('whose answer is larger than 256 kB is refused', async () => {
    const { state } = await visit('oidc');
    fakeOf('oidc').answers['/token'] = { access_token: 'x'.repeat(1_000_000) };
    const { fragment } = await callBack(gateway, `https://a/auth/callback/oidc?state=${state}&code=c`);
    expect(fragment).toMatchObject({ reason: 'PROVIDER_REFUSED' });
  });

  test('receives the verifier of its own flow', async () => {
    const { url, state } = await visit('oidc');
    await callBack(gateway, `https://a/auth/callback/oidc?state=${state}&code=c`);
    const verifier = fakeOf('oidc').exchanges.at(-1)?.get('code_verifier') ?? '';
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(url.searchParams.get('code_challenge'));
  });
});

describe('Google', () => {
  const google = () => fakeOf('google');

  test('links at once where the policy says so, because it is authoritative for the address', async () => {
    const email = `linked${serial}@gmail.com`;
    await registerUser(gateway, email);
    const result = await signInAs('google', ({ nonce }) => google().sign(claimsFor('google', nonce, { email })));
    expect(await done(result)).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
    await gateway.mail.take(email, 'A way to sign in was added');
  });

  test('verifies no address outside gmail.com without the domain that it hosts', async () => {
    const email = `other${serial}@example.com`;
    await registerUser(gateway, email);
    const sign = (more: object) =>
      signInAs('google', ({ nonce }) => google().sign(claimsFor('google', nonce, { email, ...more })));
    expect(await done(await sign({}))).toMatchObject({ __typename: 'SignUpProposal', missing: ['email'] });
    expect(await done(await sign({ hd: 'example.com' }))).toMatchObject({ __typename: 'AuthSession' });
  });

  const login = (idToken: string, nonce: string, kind: Kind = 'google') =>
    gateway.send(LoginWithIdTokenDocument, { input: { providerId: ids[kind] ?? '', idToken, nonce } });

  test('signs a native app in with an ID token, once', async () => {
    const nonce = randomBytes(16).toString('hex');
    const token = await google().sign(claimsFor('google', nonce, { aud: 'app' }));
    const refused = { code: 'FEDERATED_LOGIN_FAILED', extensions: { reason: 'PROVIDER_REFUSED' } };
    expect(await refusal(login(token, 'another'))).toMatchObject(refused);
    expect(await login(token, nonce)).toMatchObject({ loginWithIdToken: { __typename: 'SignUpProposal' } });
    expect(await refusal(login(token, nonce))).toMatchObject(refused);
    expect(await refusal(login(await google().forge(claimsFor('google', nonce, { aud: 'app' })), nonce))).toMatchObject(
      refused,
    );
    const old = claimsFor('google', nonce, { aud: 'app', iat: seconds() - 700, exp: seconds() + 600 });
    expect(await refusal(login(await google().sign(old), nonce))).toMatchObject(refused);
    expect(await refusal(login(token, nonce, 'oidc'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('Apple sends the SHA-256 of the nonce to native apps', async () => {
    const nonce = randomBytes(16).toString('hex');
    const hashed = createHash('sha256').update(nonce).digest('hex');
    const token = await fakeOf('apple').sign(claimsFor('apple', hashed));
    expect(await login(token, nonce, 'apple')).toMatchObject({ loginWithIdToken: { __typename: 'SignUpProposal' } });
  });
});

describe('Apple', () => {
  test('posts its answer with the name of the user, and gets a secret signed with the key of the team', async () => {
    const apple = fakeOf('apple');
    const { state, nonce, codeVerifier, url } = await visit('apple');
    expect(url.searchParams.get('response_mode')).toBe('form_post');
    const token = await apple.sign(claimsFor('apple', nonce, { email_verified: 'true' }));
    apple.answers['/token'] = { access_token: 'at', token_type: 'bearer', id_token: token };
    const user = JSON.stringify({ name: { firstName: 'Ada', lastName: 'Lovelace' } });
    const post = () =>
      fetch(`${gateway.url}/auth/callback/apple`, {
        method: 'POST',
        body: new URLSearchParams({ state, code: 'c', user }),
        redirect: 'manual',
      });
    const posted = await post();
    expect(posted.status).toBe(303);
    const resume = posted.headers.get('location') ?? '';
    expect(resume).toMatch(/^\?resume=[\w-]{43}$/);
    expect((await post()).status).toBe(400);
    const { fragment } = await callBack(gateway, `https://a/auth/callback/apple${resume}`);
    expect(await done({ codeVerifier, ...fragment })).toMatchObject({ displayName: 'Ada Lovelace', missing: [] });
    const secret = apple.exchanges.at(-1)?.get('client_secret') ?? '';
    const { payload } = await jwtVerify(secret, await importSPKI(appleKeys.publicKey, 'ES256'));
    expect(payload).toMatchObject({ iss: 'TEAM', sub: 'client-apple', aud: 'https://appleid.apple.com' });
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY' });
    expect((await callBack(gateway, `https://a/auth/callback/apple${resume}`)).status).toBe(400);
  });
});

describe('Microsoft', () => {
  test('signs in users of the listed tenants, and verifies an address by xms_edov only', async () => {
    const sign = (more: object) =>
      signInAs('microsoft', ({ nonce }) => fakeOf('microsoft').sign(claimsFor('microsoft', nonce, more)));
    expect(await sign({ tid: 'a9b1c7d0-0000-4000-8000-000000000002' })).toMatchObject({ reason: 'NOT_ALLOWED' });
    expect(await sign({})).toMatchObject({ reason: 'NOT_ALLOWED' });
    expect(await done(await sign({ tid: tenant }))).toMatchObject({ missing: ['email'] });
    expect(await done(await sign({ tid: tenant, xms_edov: true }))).toMatchObject({ missing: [] });
  });
});

describe('the tokens of a provider', () => {
  const sealer = createSealer(createKeyRing([Buffer.from(testSecret, 'base64')]));
  const stored = async (issuer: string) =>
    gateway.database.query<{ id: string; sealed: Buffer | null }>(
      'select id, tokens_sealed as sealed from identities where issuer = $1 order by id desc limit 1',
      [issuer],
    );

  test('are stored sealed with their identity where the policy says so, those of the last sign-in', async () => {
    const github = fakeOf('github');
    github.answers['/user'] = { id: 4712, login: 'kim', name: null };
    github.answers['/user/emails'] = [{ email: `kim${serial}@example.com`, primary: true, verified: true }];
    const sign = async (token: string) => {
      github.answers['/token'] = { access_token: token, token_type: 'bearer', refresh_token: 'again', scope: 'user' };
      const { state, codeVerifier } = await visit('github');
      const { fragment } = await callBack(gateway, `https://a/auth/callback/github?state=${state}&code=c`);
      const result = await done({ codeVerifier, ...fragment });
      if (result.__typename === 'SignUpProposal')
        await gateway.send(FinishFederatedSignUpDocument, { input: { ticket: result.ticket } });
    };
    for (const token of ['first-token', 'second-token', 'third-token']) {
      await sign(token);
      const [row] = await stored('https://github.com');
      const opened = row?.sealed && sealer.unseal(row.sealed, row.id).toString();
      expect(JSON.parse(opened ?? 'null')).toEqual({
        ...{ accessToken: token, refreshToken: 'again', scope: 'user', expiresInSeconds: null },
      });
      expect(gateway.logs.join('')).not.toContain(token);
    }
  });

  test('are discarded otherwise', async () => {
    const result = await signInAs('oidc', ({ nonce }) => fakeOf('oidc').sign(claimsFor('oidc', nonce)));
    const proposal = await done(result);
    if (proposal.__typename !== 'SignUpProposal') throw new Error('no proposal');
    await gateway.send(FinishFederatedSignUpDocument, { input: { ticket: proposal.ticket } });
    expect(await stored(fakeOf('oidc').url)).toEqual([{ id: expect.any(String), sealed: null }]);
  });
});

describe('GitHub', () => {
  test('is asked for the user and for the primary address, which has to be verified', async () => {
    const github = fakeOf('github');
    github.answers['/token'] = { access_token: 'at', token_type: 'bearer', scope: 'user:email' };
    github.answers['/user'] = { id: 4711, login: 'ada', name: null };
    const sign = async (verified: boolean) => {
      github.answers['/user/emails'] = [
        { email: 'second@example.com', primary: false, verified: true },
        { email: 'ada@example.com', primary: true, verified },
      ];
      const { state, codeVerifier } = await visit('github');
      const { fragment } = await callBack(gateway, `https://a/auth/callback/github?state=${state}&code=c`);
      return done({ codeVerifier, ...fragment });
    };
    expect(await sign(false)).toMatchObject({ displayName: 'ada', missing: ['email'] });
    expect(await sign(true)).toMatchObject({ emailAtProvider: 'ada@example.com', missing: [] });
  });
});
