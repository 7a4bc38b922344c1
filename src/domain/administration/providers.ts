/** Reads and checks the identity providers, for administrators. */
import type { ProviderProblem } from '../../outbound/providers/provider-client.ts';
import { FederatedProvider } from '../../persistence/identities/federated-provider.ts';
import { ProviderTest } from '../../persistence/identities/provider-test.ts';
import { UnsealError } from '../../security/keys/sealing.ts';
import type { Caller } from '../caller.ts';
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
import { transact } from '../transaction.ts';

export interface ManagedProvider {
  provider: PublicProvider;
  enabled: boolean;
  source: 'FILE' | 'DATABASE';
  settings: VisibleSettings;
  callbackUrl: string;
  /** Null: it was not tested yet. */
  lastTest: ProviderTest | null;
}

/** In the order in which users see them. A row whose slug is in the file is omitted. */
export async function listManagedProviders(deps: IdentityDeps): Promise<ManagedProvider[]> {
  const { federation } = deps.settings;
  const em = deps.em.fork();
  const rows = await em.findAll(FederatedProvider, { orderBy: { position: 'asc', id: 'asc' } });
  const tests = new Map((await em.findAll(ProviderTest)).map((test) => [test.providerId, test]));
  const lastTestOf = ({ id }: { id: string }) => tests.get(id) ?? null;
  return [
    ...federation.providers.map((provider) => managedOfFile(provider, lastTestOf(provider))),
    ...withoutFile(federation, rows).map((row) => managedOf(deps, row, lastTestOf(row))),
  ];
}

/** Tests a provider, which may be disabled, and stores the result. @throws Refusal NOT_FOUND */
export async function testFederatedProvider(unit: IdentityDeps, caller: Caller, id: string): Promise<ProviderTest> {
  const { provider, problems } = await checkProvider(unit, id);
  return transact(unit, caller, async ({ tx, now, audit }) => {
    const details = { slug: provider.slug, problems: problems.map(({ code }) => code) };
    audit({ action: 'provider.tested', target: { type: 'provider', id: provider.id }, details });
    return tx.upsert(ProviderTest, { providerId: provider.id, testedAt: now, problems });
  });
}

interface CheckedProvider {
  provider: { id: string; slug: string };
  /** What is wrong with it; empty: users can sign in with it. */
  problems: ProviderProblem[];
}

/** @throws Refusal NOT_FOUND */
export async function checkProvider(deps: IdentityDeps, id: string): Promise<CheckedProvider> {
  const { federation } = deps.settings;
  const configured = configuredProvider(federation, id);
  if (configured) return { provider: configured, problems: await deps.providerClient.problems(configured) };
  const row = isId(id) ? await deps.em.fork().findOne(FederatedProvider, { id }) : null;
  if (!row) throw new Refusal('NOT_FOUND');
  return { provider: row, problems: await problemsOfRow(deps, row) };
}

async function problemsOfRow(deps: IdentityDeps, row: FederatedProvider): Promise<ProviderProblem[]> {
  if (issuersOf(deps.settings.federation).includes(row.issuer))
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

function managedOfFile(provider: Provider, lastTest: ProviderTest | null): ManagedProvider {
  const { callbackUrl } = provider;
  return { provider, enabled: true, source: 'FILE', settings: visibleSettings(provider), callbackUrl, lastTest };
}

export function managedOf(
  { settings: { issuer: publicUrl } }: Pick<IdentityDeps, 'settings'>,
  row: FederatedProvider,
  lastTest: ProviderTest | null,
): ManagedProvider {
  const { id, slug, kind, displayName, settings, enabled } = row;
  const provider = { id, slug, kind, displayName, iconUrl: settings.iconUrl };
  const callbackUrl = callbackUrlOf(publicUrl, slug);
  return { provider, enabled, source: 'DATABASE', settings: visibleSettingsOfRow(row), callbackUrl, lastTest };
}
