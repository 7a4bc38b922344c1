/** Operations on API keys: the user's own, and with `service-accounts:write` those of service accounts. */
import { FactorOperations } from './factor-operations.ts';
import {
  type ApiKeyDetailFragment,
  ApiKeysDocument,
  CreateApiKeyDocument,
  type CreateApiKeyInput,
  RevokeApiKeyDocument,
  type RevokeApiKeyInput,
  RotateApiKeyDocument,
  type RotateApiKeyInput,
  UpdateApiKeyDocument,
  type UpdateApiKeyInput,
} from './generated/operations.ts';

export abstract class KeyOperations extends FactorOperations {
  /** The keys of the user that are neither revoked nor expired. */
  async apiKeys(): Promise<ApiKeyDetailFragment[] | null> {
    return (await this.ask(ApiKeysDocument, {})).viewer?.apiKeys.nodes ?? null;
  }

  /** `secret` is the whole key. It cannot be read again. */
  async createApiKey(input: CreateApiKeyInput) {
    return (await this.ask(CreateApiKeyDocument, { input })).createApiKey;
  }

  /** `secret` is the whole key. The former one works until `apiKey.rotating`. */
  async rotateApiKey(input: RotateApiKeyInput) {
    return (await this.ask(RotateApiKeyDocument, { input })).rotateApiKey;
  }

  async updateApiKey(input: UpdateApiKeyInput) {
    return (await this.ask(UpdateApiKeyDocument, { input })).updateApiKey;
  }

  async revokeApiKey(input: RevokeApiKeyInput) {
    return (await this.ask(RevokeApiKeyDocument, { input })).revokeApiKey;
  }
}
