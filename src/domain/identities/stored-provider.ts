/** A provider as a row of the database, and back. */
import type { FederatedProvider, ProviderSettings } from '../../persistence/identities/federated-provider.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import type { Provider } from './provider.ts';
import { callbackUrlOf } from './provider-entry.ts';

/** What an administrator may read of a provider: everything but its secrets. */
export interface VisibleSettings extends ProviderSettings {
  issuer: string;
  clientId: string;
  /** Of an Apple client: the private key. */
  hasSecret: boolean;
}

type Row = Pick<
  FederatedProvider,
  'id' | 'slug' | 'kind' | 'displayName' | 'issuer' | 'clientId' | 'secretSealed' | 'settings'
>;

interface Deps {
  sealer: Sealer;
  settings: { issuer: string };
}

/** @throws UnsealError when SECRET was changed without SECRET_PREVIOUS */
export function providerOfRow({ sealer, settings: { issuer: publicUrl } }: Deps, row: Row): Provider {
  const { id, slug, kind, displayName, issuer, clientId, secretSealed, settings } = row;
  const secret = secretSealed ? sealer.unseal(secretSealed, id).toString() : null;
  const { appleKey } = settings;
  return {
    ...settings,
    ...{ id, slug, kind, displayName, issuer, clientId },
    clientSecret: appleKey ? null : secret,
    appleKey: appleKey && { ...appleKey, privateKey: secret ?? '' },
    callbackUrl: callbackUrlOf(publicUrl, slug),
  };
}

export function rowOfProvider({ sealer }: Pick<Deps, 'sealer'>, provider: Provider): Row {
  const { id, slug, kind, displayName, issuer, clientId } = provider;
  const secret = secretOf(provider);
  const secretSealed = secret === null ? null : sealer.seal(Buffer.from(secret), id);
  return { id, slug, kind, displayName, issuer, clientId, secretSealed, settings: storedSettings(provider) };
}

export function visibleSettings(provider: Provider): VisibleSettings {
  const { issuer, clientId } = provider;
  return { issuer, clientId, hasSecret: secretOf(provider) !== null, ...storedSettings(provider) };
}

export function visibleSettingsOfRow({ issuer, clientId, secretSealed, settings }: Row): VisibleSettings {
  return { issuer, clientId, hasSecret: secretSealed != null, ...settings };
}

function storedSettings(provider: Provider): ProviderSettings {
  const { iconUrl, endpoints, scopes, nativeClientIds, mapping, policy, appleKey } = provider;
  const key = appleKey && { teamId: appleKey.teamId, keyId: appleKey.keyId };
  return { iconUrl, endpoints, scopes, nativeClientIds, mapping, policy, appleKey: key };
}

function secretOf({ appleKey, clientSecret }: Provider): string | null {
  return appleKey?.privateKey ?? clientSecret;
}
