/** API keys in tests: made by their owners, and used as programs use them. */
import type { SuiteGateway } from '../gateway/use-gateway.ts';
import { type ApiKeyPartsFragment, CallingMachineDocument, CreateApiKeyDocument } from '../generated/graphql.ts';

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
  const { createApiKey: created } = await gateway.send(CreateApiKeyDocument, { input }, accessToken);
  return { ...created.apiKey, key: created.secret };
}

export async function machineOf(gateway: Gateway, key: string) {
  return (await gateway.send(CallingMachineDocument, {}, key)).machine;
}
