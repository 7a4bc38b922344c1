/** Reads and checks the identity providers, for administrators. */
import type { ProviderProblem } from '../../outbound/providers/provider-client.ts';
import { FederatedProvider } from '../../persistence/identities/federated-provider.ts';
import { UnsealError } from '../../security/keys/sealing.ts';
import { Refusal } from '../errors.ts';
import type { IdentityDeps } from '../identities/deps.ts';
import { configuredProvider, issuersOf, withoutFile } from '../identities/find-provider.ts';
import type { Provider, PublicProvider } from '../identities/provider.ts';
import { callbackUrlOf } from '../identities/provider-entry.ts';
import {
  providerOfRow,
  type VisibleSettings,
  visibleSettings,
  visibleSettingsOfRow,
} from '../identities/stored-provider.ts';
import { isId } from '../ids.ts';

export interface ManagedProvider {
  provider: PublicProvider;
  enabled: boolean;
  source: 'FILE' | 'DATABASE';
  settings: VisibleSettings;
  callbackUrl: string;
}

/** In the order in which users see them. A row whose slug is in the file is omitted. */
export async function listManagedProviders(deps: IdentityDeps): Promise<ManagedProvider[]> {
  const { federation } = deps.settings;
  const rows = await deps.em.fork().findAll(FederatedProvider, { orderBy: { position: 'asc', id: 'asc' } });
  return [...federation.providers.map(managedOfFile), ...withoutFile(federation, rows).map(managedOf(deps))];
}

/** @returns what is wrong with a provider, which may be disabled; empty: users can sign in with it. @throws Refusal NOT_FOUND */
export async function testFederatedProvider(deps: IdentityDeps, id: string): Promise<ProviderProblem[]> {
  const { federation } = deps.settings;
  const configured = configuredProvider(federation, id);
  if (configured) return deps.providerClient.problems(configured);
  const row = isId(id) ? await deps.em.fork().findOne(FederatedProvider, { id }) : null;
  if (!row) throw new Refusal('NOT_FOUND');
  if (issuersOf(federation).includes(row.issuer))
    return [{ code: 'ISSUER_IN_FILE', message: 'FEDERATED_PROVIDERS names a provider with the same issuer' }];
  const provider = opened(deps, row);
  if (provider) return deps.providerClient.problems(provider);
  return [{ code: 'SECRET_UNREADABLE', message: 'SECRET was changed: enter the client secret again' }];
}

/** @returns null: another SECRET sealed the client secret */
function opened(deps: IdentityDeps, row: FederatedProvider): Provider | null {
  try {
    return providerOfRow(deps, row);
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}

function managedOfFile(provider: Provider): ManagedProvider {
  const { callbackUrl } = provider;
  return { provider, enabled: true, source: 'FILE', settings: visibleSettings(provider), callbackUrl };
}

export function managedOf({ settings: { issuer: publicUrl } }: Pick<IdentityDeps, 'settings'>) {
  return (row: FederatedProvider): ManagedProvider => {
    const { id, slug, kind, displayName, settings, enabled } = row;
    const provider = { id, slug, kind, displayName, iconUrl: settings.iconUrl };
    const callbackUrl = callbackUrlOf(publicUrl, slug);
    return { provider, enabled, source: 'DATABASE', settings: visibleSettingsOfRow(row), callbackUrl };
  };
}
