/** FEDERATED_PROVIDERS and RETURN_URLS: what is accepted, and that every problem of the file is reported without a value. */
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';

const files: ProvidersFile[] = [];
afterEach(async () => {
  for (const file of files.splice(0)) await file.remove();
});

async function read(providers: readonly object[], more: Record<string, string> = {}) {
  const file = await writeProviders(providers);
  files.push(file);
  return readConfig({ FEDERATED_PROVIDERS: file.path, PUBLIC_URL: 'https://auth.example.com', ...more }).domain
    .federation;
}

async function problemsOf(providers: readonly object[], more: Record<string, string> = {}): Promise<string> {
  const error = await read(providers, more).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ConfigError ? error.problems.join('\n') : 'no problem';
}

const google = { slug: 'google', kind: 'GOOGLE', displayName: 'Google', clientId: 'id', clientSecret: 'hidden-secret' };
const oidc = { ...google, slug: 'company', kind: 'OIDC', issuer: 'https://id.example.com' };

describe('the file of providers', () => {
  test('needs little for a well-known provider', async () => {
    const { providers } = await read([google]);
    expect(providers).toMatchObject([
      {
        issuer: 'https://accounts.google.com',
        scopes: ['openid', 'email', 'profile'],
        callbackUrl: 'https://auth.example.com/auth/callback/google',
        policy: { linking: 'PROVE', signUp: 'ALLOW', trustsEmail: false, allowedDomains: [] },
      },
    ]);
  });

  test('gives a provider the same id at each start', async () => {
    const [first] = (await read([google])).providers;
    const [second] = (await read([{ ...google, clientId: 'another' }])).providers;
    expect(first?.id).toBe(second?.id);
  });

  test.each([
    ['an OIDC provider without an issuer', [{ ...oidc, issuer: undefined }], 'providers.0.issuer: Enter the issuer'],
    [
      'an OAuth provider without endpoints',
      [{ ...oidc, kind: 'OAUTH2' }],
      'providers.0.endpoints: Enter the endpoints',
    ],
    ['an Apple provider without a key', [{ ...google, kind: 'APPLE' }], 'providers.0.appleKey: Enter the key'],
    [
      'every tenant of Microsoft',
      [{ ...oidc, kind: 'MICROSOFT', issuer: 'https://login.microsoftonline.com/common/v2.0' }],
      'allowedTenants: List the tenants',
    ],
    ['two providers with one slug', [google, { ...oidc, slug: 'google' }], 'two have the same slug'],
    ['two providers of one issuer', [oidc, { ...oidc, slug: 'other' }], 'two have the same issuer'],
    ['an unknown member', [{ ...google, clientsecret: 'x' }], 'providers.0'],
    ['an unknown policy', [{ ...google, policy: { linking: 'ALWAYS' } }], 'providers.0.policy.linking'],
    ['a slug of a path', [{ ...google, slug: '../x' }], 'providers.0.slug'],
    ['an issuer that is no web address', [{ ...oidc, issuer: 'file:///etc' }], 'providers.0.issuer'],
  ])('refuses %s', async (_name, providers, problem) => {
    const problems = await problemsOf(providers);
    expect(problems).toContain(problem);
    expect(problems).not.toContain('hidden-secret');
  });

  test('refuses an issuer on a private address in production, without OUTBOUND_ALLOW', async () => {
    const production = { NODE_ENV: 'production' };
    const provider = { ...oidc, issuer: 'https://10.0.0.5' };
    expect(await problemsOf([provider], production)).toContain('FEDERATED_PROVIDERS');
  });

  test('that is missing or no JSON is refused', () => {
    for (const path of ['/nowhere/providers.json', import.meta.filename])
      expect(() => readConfig({ FEDERATED_PROVIDERS: path })).toThrow('use the path of a JSON file');
  });
});

describe('RETURN_URLS', () => {
  test.each([
    'https://app.example.com',
    'https://app.example.com/signed-in?from=postern',
    'http://localhost:3000/signed-in',
    'http://127.0.0.1:3000/',
    'com.example.app:/signed-in',
    'com.example.app://signed-in',
  ])('accepts %s', (url) => {
    expect(readConfig({ RETURN_URLS: url, PAGES: 'off' }).domain.federation.returnUrls).toEqual([url]);
  });

  test.each([
    'http://app.example.com/',
    'https://app.example.com/#x',
    'https://user@app.example.com/',
    'https://APP.example.com/',
    'https://app.example.com/a/../b',
    'https:\\\\app.example.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/signed-in',
    '/signed-in',
    'https://*.example.com/',
  ])('refuses %s', (url) => {
    expect(() => readConfig({ RETURN_URLS: url })).toThrow('RETURN_URLS');
  });

  test('is APP_URL unless set, and always contains the account pages while they are served', () => {
    const urlsOf = (settings: Record<string, string>) => readConfig(settings).domain.federation.returnUrls;
    const APP_URL = 'https://app.example.com';
    expect(urlsOf({ APP_URL, PAGES: 'off' })).toEqual([APP_URL]);
    expect(urlsOf({ APP_URL, RETURN_URLS: 'https://other.example.com', PAGES: 'account' })).toEqual([
      'https://other.example.com',
      'http://localhost:4000/account/callback',
    ]);
  });
});
