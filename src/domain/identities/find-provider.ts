/**
 * Finds providers: those of the file, and those of the database, which every request reads anew. A provider of the file
 * replaces one of the database with its slug (they have one id) or with its issuer.
 */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { FederatedProvider } from '../../persistence/identities/federated-provider.ts';
import { findUsableProvider, holdProvider, listUsableProviders } from '../../persistence/identities/providers.ts';
import { isId } from '../ids.ts';
import type { IdentityDeps } from './deps.ts';
import type { Federation, Provider, PublicProvider } from './provider.ts';
import { providerIdOf } from './provider-entry.ts';
import { providerOfRow } from './stored-provider.ts';

type Settings = { settings: Pick<IdentityDeps['settings'], 'federation'> };
type ListSettings = { settings: Pick<IdentityDeps['settings'], 'federation' | 'signInMethods'> };

/** The providers that users can sign in with: those of the file, then those of the database in their order. */
export async function listProviders({
  em,
  settings,
}: ListSettings & Pick<IdentityDeps, 'em'>): Promise<PublicProvider[]> {
  const { federation, signInMethods } = settings;
  if (!signInMethods.includes('FEDERATED')) return [];
  const stored = await listUsableProviders(em.fork(), issuersOf(federation));
  return [...federation.providers, ...withoutFile(federation, stored).map(publicPart)];
}

/** @returns null for a provider that is unknown or disabled */
export async function findProvider(deps: IdentityDeps, id: string): Promise<Provider | null> {
  const { federation } = deps.settings;
  const configured = configuredProvider(federation, id);
  if (configured || !isId(id)) return configured;
  const row = await findUsableProvider(deps.em.fork(), id, issuersOf(federation));
  return row && providerOfRow(deps, row);
}

/** @returns null for a provider that is unknown or disabled */
export function findProviderBySlug(deps: IdentityDeps, slug: string): Promise<Provider | null> {
  return findProvider(deps, providerIdOf(slug));
}

/** The providers that users can sign in with, by slug and by issuer: an import names them by either. */
export async function providersByName(
  deps: Settings & Pick<IdentityDeps, 'em'>,
): Promise<Map<string, Pick<Provider, 'id' | 'slug' | 'issuer'>>> {
  const { federation } = deps.settings;
  const stored = await listUsableProviders(deps.em.fork(), issuersOf(federation));
  const providers = [...federation.providers, ...withoutFile(federation, stored)];
  return new Map(
    providers.flatMap((provider) => [
      [provider.slug, provider],
      [provider.issuer, provider],
    ]),
  );
}

/** The providers of identities, by their ids; disabled ones too, so that their users can unlink them. */
export async function providersOf(
  { settings: { federation } }: Settings,
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, PublicProvider>> {
  const configured = federation.providers.filter(({ id }) => ids.includes(id));
  const others = ids.filter((id) => !configuredProvider(federation, id));
  const stored = others.length > 0 ? await em.find(FederatedProvider, { id: [...new Set(others)] }) : [];
  return new Map([...configured, ...stored.map(publicPart)].map((provider) => [provider.id, provider]));
}

/** Until the transaction ends, the provider cannot be deleted. @returns whether users can sign in with it */
export async function canUseProvider({ settings: { federation } }: Settings, tx: EntityManager, id: string) {
  return configuredProvider(federation, id) !== null || holdProvider(tx, id, issuersOf(federation));
}

/** PostgreSQL reads ids in any case: an id in capitals must not find the row that a provider of the file replaces. */
export function configuredProvider({ providers }: Federation, id: string): Provider | null {
  const wanted = id.toLowerCase();
  return providers.find((provider) => provider.id === wanted) ?? null;
}

export function issuersOf({ providers }: Federation): string[] {
  return providers.map(({ issuer }) => issuer);
}

/** The rows that no provider of the file replaces. */
export function withoutFile(federation: Federation, rows: readonly FederatedProvider[]): FederatedProvider[] {
  return rows.filter(({ id }) => !configuredProvider(federation, id));
}

function publicPart({ id, slug, kind, displayName, settings: { iconUrl } }: FederatedProvider): PublicProvider {
  return { id, slug, kind, displayName, iconUrl };
}
