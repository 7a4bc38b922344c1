/** A visit to a provider that belongs to the browser that began it: the cookie `__Host-postern_flow`. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { BeginFederatedLoginDocument, FederatedProvidersDocument } from '../support/generated/graphql.ts';
import { callBack, complete, type ProvidersFile, returnTo, writeProviders } from '../support/people/federated.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const name = '__Host-postern_flow';
const settings: Record<string, string> = { RETURN_URLS: returnTo, CORS_ORIGINS: 'https://app.example.com' };
const slugs = ['company', 'apple'] as const;

let providers: FakeProvider[];
let file: ProvidersFile;
beforeAll(async () => {
  providers = [await startFakeProvider(), await startFakeProvider()];
  const [company, apple] = providers;
  file = await writeProviders([
    { slug: 'company', kind: 'OIDC', displayName: 'C', issuer: company?.url, clientId: 'id', clientSecret: 'secret' },
    {
      ...{ slug: 'apple', kind: 'APPLE', displayName: 'A', issuer: apple?.url, clientId: 'id' },
      appleKey: { teamId: 'TEAM', keyId: 'KEY', privateKey },
    },
  ]);
  settings.FEDERATED_PROVIDERS = file.path;
});
const gateway = useGateway(settings);
afterAll(async () => {
  await file.remove();
  for (const provider of providers) await provider.stop();
});

/** Begins with the cookie of a browser. @returns the address of the callback, and the cookie that the gateway sets */
async function begin(slug: (typeof slugs)[number], cookie: string | null, delivery: 'COOKIE' | 'BEARER' = 'COOKIE') {
  const { federatedProviders } = await gateway.send(FederatedProvidersDocument, {});
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const providerId = federatedProviders.find((one) => one.slug === slug)?.id ?? '';
  const input = { providerId, returnTo, codeChallenge, purpose: 'SIGN_IN', delivery };
  const headers = { origin: 'https://app.example.com', ...(cookie !== null && { cookie }) };
  const body = { query: print(BeginFederatedLoginDocument), variables: { input } };
  const answer = await answerOf(gateway.post(body, headers));
  const { authorizationUrl } = JSON.parse(answer.text).data.beginFederatedLogin;
  const { state = '', nonce = '' } = Object.fromEntries(new URL(authorizationUrl).searchParams);
  const provider = providers[slugs.indexOf(slug)];
  const now = Math.floor(Date.now() / 1000);
  const person = {
    sub: `subject-${codeVerifier}`,
    iss: provider?.url ?? '',
    aud: 'id',
    iat: now,
    exp: now + 600,
    nonce,
  };
  if (provider)
    provider.answers['/token'] = { access_token: 'at', token_type: 'bearer', id_token: await provider.sign(person) };
  const [line = null] = answer.headers.getSetCookie();
  const callback = `https://auth.example.com/auth/callback/${slug}?state=${state}&code=c`;
  return { callback, state, codeVerifier, line, cookie: line?.split(';', 1)[0] ?? null };
}

describe('a visit that a browser began with delivery COOKIE', () => {
  test('continues in that browser, and in no other one', async () => {
    const { callback, cookie } = await begin('company', null);
    const { cookie: another } = await begin('company', null);
    for (const wrong of [null, another, `${name}=x`, `${name}=`])
      expect(await callBack(gateway, callback, wrong)).toMatchObject({ status: 400, location: null });
    expect(await callBack(gateway, callback, cookie)).toMatchObject({ status: 303 });
    expect(await callBack(gateway, callback, cookie)).toMatchObject({ status: 400 });
  });

  test('gets a cookie that scripts cannot read and that the way back from the provider carries', async () => {
    const { line } = await begin('company', null);
    expect(line).toMatch(new RegExp(`^${name}=[\\w-]{43}; Path=/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$`));
    const expires = new Date(/Expires=([^;]+)/.exec(line ?? '')?.[1] ?? '');
    const seconds = (expires.getTime() - gateway.clock.now().getTime()) / 1000;
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(600);
  });

  test('shares the cookie with the visits of other tabs', async () => {
    const first = await begin('company', null);
    const second = await begin('company', first.cookie);
    expect(second.cookie).toBe(first.cookie);
    for (const { callback } of [second, first])
      expect(await callBack(gateway, callback, first.cookie)).toMatchObject({ status: 303 });
    expect((await begin('company', `${name}=chosen-by-somebody`)).cookie).toMatch(new RegExp(`^${name}=[\\w-]{43}$`));
  });

  test('continues after a callback by POST, which carries no cookie', async () => {
    const { state, cookie, codeVerifier } = await begin('apple', null);
    const posted = await fetch(`${gateway.url}/auth/callback/apple`, {
      method: 'POST',
      body: new URLSearchParams({ state, code: 'c' }),
      redirect: 'manual',
    });
    expect(posted.status).toBe(303);
    const resumed = `https://auth.example.com/auth/callback/apple${posted.headers.get('location')}`;
    expect(await callBack(gateway, resumed)).toMatchObject({ status: 400, location: null });
    const { fragment } = await callBack(gateway, resumed, cookie);
    expect(await complete(gateway, { code: fragment.code ?? '', codeVerifier })).toMatchObject({
      __typename: 'SignUpProposal',
    });
  });

  test('is stored with a hash of the cookie', async () => {
    const { cookie } = await begin('company', null);
    const token = cookie?.slice(name.length + 1) ?? '';
    const rows = JSON.stringify(await gateway.database.query('select * from federated_flows', []));
    expect(token).toHaveLength(43);
    expect(rows).not.toContain(token);
    expect(gateway.logs.join('')).not.toContain(token);
  });
});

test('a visit without the cookie continues in any browser', async () => {
  const { callback, line } = await begin('company', null, 'BEARER');
  expect(line).toBeNull();
  expect(await callBack(gateway, callback, `${name}=${'x'.repeat(43)}`)).toMatchObject({ status: 303 });
});
