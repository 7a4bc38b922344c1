/** API keys in tests: made by their owners, and used as programs use them. */
import type { SuiteGateway } from '../gateway/use-gateway.ts';
import {
  type ApiKeyPartsFragment,
  CallingMachineDocument,
  CreateClientSecretDocument,
  CreateServiceAccountDocument,
  FullCreateApiKeyDocument,
} from '../generated/graphql.ts';

type Gateway = Pick<SuiteGateway, 'send'>;

export interface TestKey extends ApiKeyPartsFragment {
  /** The whole key. */
  key: string;
}

export const day = 24 * 60 * 60;

interface Choices {
  name?: string;
  scopes?: string[];
  expiresIn?: number;
  ipAllowlist?: string[];
  limitPerMinute?: number;
  serviceAccountId?: string;
}

export async function createApiKey(gateway: Gateway, accessToken: string, choices: Choices = {}): Promise<TestKey> {
  const input = { name: 'nightly build', scopes: ['profile:write'], expiresIn: 30 * day, ...choices };
  const { createApiKey: created } = await gateway.send(FullCreateApiKeyDocument, { input }, accessToken);
  return { ...created.apiKey, key: created.secret };
}

export async function machineOf(gateway: Gateway, key: string) {
  return (await gateway.send(CallingMachineDocument, {}, key)).machine;
}

let serial = 0;

/** @param accessToken of an administrator */
export async function createServiceAccount(gateway: Gateway, accessToken: string, role = 'USER'): Promise<string> {
  serial += 1;
  const input = { name: `robot ${serial}`, role };
  const { createServiceAccount: created } = await gateway.send(CreateServiceAccountDocument, { input }, accessToken);
  return created.serviceAccount.id;
}

/** @returns the secret */
export async function createClientSecret(gateway: Gateway, accessToken: string, serviceAccountId: string) {
  const input = { serviceAccountId };
  const { createClientSecret: created } = await gateway.send(CreateClientSecretDocument, { input }, accessToken);
  return { id: created.clientSecret.id, secret: created.secret };
}

/** Of a new service account. @param accessToken of an administrator @returns the access token of `/oauth/token` */
export async function issueClientToken(
  gateway: Pick<SuiteGateway, 'send' | 'url'>,
  accessToken: string,
  role = 'USER',
): Promise<string> {
  const id = await createServiceAccount(gateway, accessToken, role);
  const { secret } = await createClientSecret(gateway, accessToken, id);
  return clientTokenOf(gateway, id, secret);
}

/** @returns the access token of `/oauth/token` */
export async function clientTokenOf(gateway: Pick<SuiteGateway, 'url'>, id: string, secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const { access_token }: { access_token: string } = JSON.parse(
    await (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', body })).text(),
  );
  return access_token;
}
