/** Signs in at a provider as a browser with an application would. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestGateway } from '../gateway/gateway.ts';
import {
  BeginFederatedLoginDocument,
  type BeginFederatedLoginInput,
  CompleteFederatedLoginDocument,
  type CompleteFederatedLoginMutation,
  FederatedProvidersDocument,
} from '../generated/graphql.ts';
import type { IdentityProvider } from '../servers/identity-provider.ts';

export const returnTo = 'https://app.example.com/signed-in';

export interface ProvidersFile {
  path: string;
  remove(): Promise<void>;
}

export async function writeProviders(providers: readonly object[]): Promise<ProvidersFile> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-providers-'));
  const path = join(folder, 'providers.json');
  await writeFile(path, JSON.stringify({ providers }));
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The entry of a provider of a test. */
export function entryOf({ issuer, clientId, clientSecret }: IdentityProvider, policy: object = {}, slug = 'test') {
  return {
    ...{ slug, kind: 'OIDC', displayName: 'Test', issuer, clientId, clientSecret },
    policy: { trustsEmail: true, ...policy },
  };
}

export interface Begun {
  authorizationUrl: string;
  flow: string;
  codeVerifier: string;
}

export async function begin(
  gateway: TestGateway,
  input: Partial<BeginFederatedLoginInput> = {},
  accessToken?: string,
): Promise<Begun> {
  const { federatedProviders } = await gateway.send(FederatedProvidersDocument, {});
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const providerId = federatedProviders[0]?.id ?? '';
  const asked = { providerId, returnTo, codeChallenge, purpose: 'SIGN_IN' as const, ...input };
  const { beginFederatedLogin } = await gateway.send(BeginFederatedLoginDocument, { input: asked }, accessToken);
  return { ...beginFederatedLogin, codeVerifier };
}

/** @returns where the gateway sends the browser, and what is in the fragment */
export async function callBack(gateway: TestGateway, callback: URL | string, cookie: string | null = null) {
  const { pathname, search } = new URL(callback);
  const headers = cookie === null ? {} : { cookie };
  const response = await fetch(`${gateway.url}${pathname}${search}`, { redirect: 'manual', headers });
  const location = response.headers.get('location');
  const fragment = Object.fromEntries(new URLSearchParams(location?.split('#')[1] ?? ''));
  return { status: response.status, location, fragment, body: await response.text() };
}

export interface Exchange {
  code: string;
  codeVerifier: string;
}

/** Begins, visits the provider and calls back. */
export async function obtainCode(
  gateway: TestGateway,
  provider: IdentityProvider,
  input: Partial<BeginFederatedLoginInput> = {},
  accessToken?: string,
): Promise<Exchange> {
  const { authorizationUrl, codeVerifier } = await begin(gateway, input, accessToken);
  const { fragment } = await callBack(gateway, await provider.visit(authorizationUrl));
  if (fragment.code === undefined) throw new Error(`no code: ${JSON.stringify(fragment)}`);
  return { code: fragment.code, codeVerifier };
}

export type Completed = CompleteFederatedLoginMutation['completeFederatedLogin'];

export async function complete(gateway: TestGateway, exchange: Exchange): Promise<Completed> {
  return (await gateway.send(CompleteFederatedLoginDocument, { input: exchange })).completeFederatedLogin;
}

/** The whole way. */
export async function signInAt(gateway: TestGateway, provider: IdentityProvider): Promise<Completed> {
  return complete(gateway, await obtainCode(gateway, provider));
}
