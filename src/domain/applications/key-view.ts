/** API keys as the API shows them: everything but their secrets. */
import type { ApiKey } from '../../persistence/applications/api-key.ts';
import { apiKeyPrefix } from '../../security/api-key.ts';

export interface ApiKeyView {
  id: string;
  name: string;
  /** The beginning of the key, to tell keys apart. */
  hint: string;
  scopes: string[];
  userId: string | null;
  serviceAccountId: string | null;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  lastUsedFrom: string | null;
  ipAllowlist: string[];
  limitPerMinute: number | null;
  /** Until when the former secret works too. */
  rotating: Date | null;
}

const hintLength = 4;

export function keyView(key: ApiKey, now: Date): ApiKeyView {
  const { id, name, lookup, scopes, createdAt, expiresAt, ipAllowlist, rotatingUntil = null } = key;
  const kind = key.user ? 'pat' : 'svc';
  return {
    id,
    name,
    hint: `${apiKeyPrefix}${kind}_${lookup.slice(0, hintLength)}…`,
    scopes: [...scopes],
    userId: key.user?.id ?? null,
    serviceAccountId: key.serviceAccount?.id ?? null,
    createdAt,
    expiresAt,
    lastUsedAt: key.lastUsedAt ?? null,
    lastUsedFrom: key.lastUsedFrom ?? null,
    ipAllowlist: [...ipAllowlist],
    limitPerMinute: key.limitPerMinute ?? null,
    rotating: rotatingUntil !== null && rotatingUntil > now ? rotatingUntil : null,
  };
}
