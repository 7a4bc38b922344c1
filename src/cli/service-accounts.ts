/** `postern service-accounts create`. */
import {
  createServiceAccountWithKey,
  type ServiceAccountKeyRequest,
} from '../domain/applications/create-service-account.ts';
import type { ApplicationDeps } from '../domain/applications/deps.ts';
import { Refusal } from '../domain/errors.ts';
import { operatorCaller } from '../domain/operator.ts';
import { withMigratedApp } from './connect.ts';
import { type Terminal, UsageError } from './terminal.ts';

const daySeconds = 86_400;

export interface NewServiceAccount {
  name: string;
  role: string;
  scopes: string;
  days?: number;
}

export async function createServiceAccount(
  terminal: Terminal,
  { name, role, scopes, days }: NewServiceAccount,
): Promise<void> {
  await withMigratedApp(terminal, async ({ app, config, database }) => {
    const { maxTtlSeconds } = config.domain.apiKeys;
    const expiresIn = days === undefined ? maxTtlSeconds : days * daySeconds;
    if (expiresIn > maxTtlSeconds)
      throw new UsageError(`--days: API_KEY_MAX_TTL allows ${Math.floor(maxTtlSeconds / daySeconds)} at most`);
    const request = { name, role, scopes: scopes.split(/[\s,]+/).filter(Boolean), expiresIn };
    const { serviceAccount, apiKey, secret } = await create(app.dependencies(), request);
    terminal.out(`Created service account ${serviceAccount.id} with API key ${apiKey.id} in ${database}.`);
    terminal.out(`Store the key now: it is not shown again. It is valid until ${apiKey.expiresAt.toISOString()}.`);
    terminal.out(secret);
  });
}

async function create(deps: ApplicationDeps, request: ServiceAccountKeyRequest) {
  try {
    return await createServiceAccountWithKey(deps, operatorCaller(), request);
  } catch (error) {
    return explained(error);
  }
}

/** @throws UsageError for what the options say, otherwise an Error with the reason */
function explained(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  const { fields, requiredPermission, detail } = error.options;
  if (fields) throw new UsageError(fields.map(({ path, message }) => `${optionOf(path)}: ${message}`).join(' '));
  if (requiredPermission) throw new UsageError(`--scopes: the role does not hold ${requiredPermission}`);
  throw new Error(detail === 'rank' ? '--role: no service account has this role' : (detail ?? error.message), {
    cause: error,
  });
}

/** `input.role` is the option `--role`. */
function optionOf(path: string): string {
  return path.replace(/^input\./, '--');
}
