/** Creates, changes and deletes identity providers of the database. Those of FEDERATED_PROVIDERS are changed in the file. */
import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { FederatedProvider } from '../../persistence/identities/federated-provider.ts';
import { Identity } from '../../persistence/identities/identity.ts';
import { ProviderTest } from '../../persistence/identities/provider-test.ts';
import { insertProvider } from '../../persistence/identities/providers.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { IdentityDeps } from '../identities/deps.ts';
import { configuredProvider, issuersOf } from '../identities/find-provider.ts';
import type { Provider } from '../identities/provider.ts';
import { entryProblems, type ProviderEntry, providerFrom } from '../identities/provider-entry.ts';
import { providerOfRow, rowOfProvider } from '../identities/stored-provider.ts';
import { isId } from '../ids.ts';
import { type Transaction, transact } from '../transaction.ts';
import { type ManagedProvider, managedOf } from './providers.ts';

interface Placement {
  enabled?: boolean | null | undefined;
  /** Absent: after the others. */
  position?: number | null | undefined;
}

export interface ProviderRequest extends ProviderEntry, Placement {}

/** Absent and null members keep their value. Identities are bound to the issuer, so it stays as it is. */
export interface ProviderChange extends Partial<Omit<ProviderEntry, 'slug' | 'kind' | 'issuer'>>, Placement {
  id: string;
}

const maxPosition = 10_000;

/** @throws Refusal BAD_USER_INPUT, CONFLICT when the slug or the issuer is taken */
export async function createFederatedProvider(
  unit: IdentityDeps,
  caller: Caller,
  { enabled, position, ...entry }: ProviderRequest,
): Promise<ManagedProvider> {
  const provider = checked(unit, entry, position);
  const { federation } = unit.settings;
  if (configuredProvider(federation, provider.id) || issuersOf(federation).includes(provider.issuer))
    throw conflict('the file has the slug or the issuer');
  return transact<ManagedProvider>(unit, caller, async ({ tx, now, audit }) => {
    const placed = { enabled: enabled ?? true, position: position ?? null };
    const row = { ...rowOfProvider(unit, provider), ...placed, createdAt: now, now };
    if (!(await insertProvider(tx, row))) return conflict('the slug or the issuer is taken');
    audit(changed('provider.created', provider, namesOf({ enabled, position, ...entry })));
    return managedOf(unit, await tx.findOneOrFail(FederatedProvider, provider.id), null);
  });
}

/** @throws Refusal NOT_FOUND, BAD_USER_INPUT, CONFLICT for a provider of the file */
export function updateFederatedProvider(
  unit: IdentityDeps,
  caller: Caller,
  { id, enabled, position, ...entry }: ProviderChange,
): Promise<ManagedProvider> {
  return change(unit, caller, id, async (row, { tx, now, audit }) => {
    const given = Object.fromEntries(Object.entries(entry).filter(([, value]) => value != null));
    const secret = row.kind === 'APPLE' ? 'appleKey' : 'clientSecret';
    const isReplaced = secret in given;
    // A new secret also replaces one that no longer opens.
    const current = providerOfRow(unit, isReplaced ? { ...row, secretSealed: null } : row);
    const { secretSealed, ...values } = rowOfProvider(unit, checked(unit, { ...current, ...given }, position));
    const before = membersOf(row);
    Object.assign(row, values, { enabled: enabled ?? row.enabled, position: position ?? row.position });
    const fields = [...differences(before, membersOf(row)), ...(isReplaced ? [secret] : [])];
    if (fields.length > 0) {
      Object.assign(row, { updatedAt: now, ...(isReplaced && { secretSealed }) });
      audit(changed('provider.updated', row, fields));
    }
    return managedOf(unit, row, await tx.findOne(ProviderTest, row.id));
  });
}

/**
 * While identities are linked with it, a provider can only be disabled: a deletion could take their last way in from users.
 * @throws Refusal NOT_FOUND, CONFLICT for a provider of the file, and while identities are linked with it
 */
export function deleteFederatedProvider(unit: IdentityDeps, caller: Caller, id: string): Promise<ManagedProvider> {
  return change(unit, caller, id, async (row, { tx, audit }) => {
    // Linking holds the provider until its transaction ends, so no identity is added before the provider is deleted.
    if ((await tx.findOne(Identity, { providerId: row.id })) !== null) return conflict('identities are linked with it');
    tx.remove(row);
    await tx.nativeDelete(ProviderTest, row.id);
    audit(changed('provider.deleted', row, []));
    return managedOf(unit, row, null);
  });
}

/** Runs the work under the lock of the provider. */
function change(
  unit: IdentityDeps,
  caller: Caller,
  id: string,
  work: (row: FederatedProvider, transaction: Transaction) => Promise<ManagedProvider | Refusal>,
): Promise<ManagedProvider> {
  return transact<ManagedProvider>(unit, caller, async (transaction) => {
    if (configuredProvider(unit.settings.federation, id)) return conflict('a provider of the file');
    const row = isId(id) ? await lockProvider(transaction.tx, id) : null;
    return row ? work(row, transaction) : new Refusal('NOT_FOUND');
  });
}

function lockProvider(tx: EntityManager, id: string): Promise<FederatedProvider | null> {
  return tx.findOne(FederatedProvider, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** @throws Refusal BAD_USER_INPUT with every problem */
function checked(
  { providerClient, settings: { issuer: publicUrl } }: IdentityDeps,
  entry: ProviderEntry,
  position: Placement['position'],
): Provider {
  const wrong = entryProblems(entry);
  const provider = wrong.length === 0 ? providerFrom(entry, publicUrl) : null;
  const problems = [
    ...wrong,
    ...(provider ? providerClient.addressProblems(provider) : []),
    ...(position != null && (position < 0 || position > maxPosition)
      ? [{ field: 'position', code: 'OUT_OF_RANGE', message: `Enter a number from 0 to ${maxPosition}.` }]
      : []),
  ];
  const fields = problems.map(({ field, ...rest }) => ({ path: `input.${field}`, ...rest }));
  if (!provider || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return provider;
}

function namesOf(given: object): string[] {
  return Object.entries(given).flatMap(([name, value]) => (value == null ? [] : [name]));
}

function membersOf({ displayName, clientId, enabled, position, settings }: FederatedProvider): Record<string, unknown> {
  return { displayName, clientId, enabled, position, ...settings };
}

/** @returns the names of the members that differ */
function differences(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

function changed<Action extends 'provider.created' | 'provider.updated' | 'provider.deleted'>(
  action: Action,
  { id, slug }: { id: string; slug: string },
  fields: string[],
) {
  return {
    action,
    target: { type: 'provider', id },
    details: { slug, fields: [...new Set(fields)].toSorted() },
  } as const;
}

function conflict(detail: string): Refusal {
  return new Refusal('CONFLICT', { detail });
}
