/** Reads and writes providers of the database. Providers of the configuration, and their issuers, come first. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { FederatedProvider } from './federated-provider.ts';

/** Issuers of the configuration. */
type Issuers = readonly string[];

/** Enabled, and of another issuer than those of the configuration. `:issuers`: a JSON array. */
export const usableProvider = `p.enabled and not :issuers::jsonb @> to_jsonb(p.issuer)`;

export function findUsableProvider(em: EntityManager, id: string, issuers: Issuers): Promise<FederatedProvider | null> {
  return em.findOne(FederatedProvider, { id, enabled: true, issuer: { $nin: [...issuers] } });
}

export function listUsableProviders(em: EntityManager, issuers: Issuers): Promise<FederatedProvider[]> {
  const where = { enabled: true, issuer: { $nin: [...issuers] } };
  return em.find(FederatedProvider, where, { orderBy: { position: 'asc', id: 'asc' } });
}

/** Until the transaction ends, the provider cannot be deleted. @returns whether users can sign in with it */
export async function holdProvider(em: EntityManager, id: string, issuers: Issuers): Promise<boolean> {
  const rows = await em.execute<{ held: number }[]>(
    `select 1 as held from federated_providers p where p.id = :id and ${usableProvider} for key share`,
    { id, issuers: JSON.stringify(issuers) },
  );
  return rows.length === 1;
}

export type NewProvider = Omit<FederatedProvider, 'position' | 'updatedAt'> & { position: number | null; now: Date };

/** @returns false when another provider has the slug or the issuer */
export async function insertProvider(em: EntityManager, provider: NewProvider): Promise<boolean> {
  const rows = await em.execute<{ made: number }[]>(
    `insert into federated_providers (id, slug, kind, display_name, issuer, client_id, secret_sealed, settings, enabled,
       position, created_at, updated_at)
     values (:id, :slug, :kind, :displayName, :issuer, :clientId, :secretSealed, :settings::jsonb, :enabled,
       coalesce(:position::int, (select coalesce(max(position), 0) + 1 from federated_providers)), :now, :now)
     on conflict do nothing returning 1 as made`,
    { ...provider, settings: JSON.stringify(provider.settings) },
  );
  return rows.length === 1;
}
