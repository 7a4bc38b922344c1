/** How the gateway authenticates itself at the token endpoint of a provider. */
import { importPKCS8, SignJWT } from 'jose';
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'openid-client';
import { ProviderFailure } from './errors.ts';
import type { AppleKey, ProviderServer } from './provider-server.ts';

const appleAudience = 'https://appleid.apple.com';
const appleSecretSeconds = 5 * 60;

/** @returns for one request: the secret of Apple expires */
export async function clientAuthentication(server: ProviderServer): Promise<ClientAuth> {
  const { clientSecret, appleKey, clientId, endpoints } = server;
  if (appleKey) return ClientSecretPost(await appleSecret(appleKey, clientId));
  if (clientSecret === null) return None();
  const [basic, post] = [ClientSecretBasic(clientSecret), ClientSecretPost(clientSecret)];
  if (endpoints) return post;
  // Without a list, `client_secret_basic` is the method of a provider (OpenID Connect Discovery 1.0, 3).
  return (metadata, ...rest) => {
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return methods.includes('client_secret_basic') ? basic(metadata, ...rest) : post(metadata, ...rest);
  };
}

async function appleSecret({ teamId, keyId, privateKey }: AppleKey, clientId: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setSubject(clientId)
    .setAudience(appleAudience)
    .setIssuedAt(now)
    .setExpirationTime(now + appleSecretSeconds)
    .sign(await readKey(privateKey));
}

async function readKey(privateKey: string) {
  try {
    return await importPKCS8(privateKey, 'ES256');
  } catch {
    throw new ProviderFailure('PROVIDER_REFUSED', 'the private key of appleKey is not a P-256 key as PKCS #8 in PEM');
  }
}
