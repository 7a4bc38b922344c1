/** An API key of a user or of a service account. Only keyed hashes of its secrets are stored (security/api-key.ts). */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';
import { ServiceAccount } from './service-account.ts';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.uuid().primary(),
    /** The id within the key. */
    lookup: p.string().length(16).unique(),
    user: () => p.manyToOne(User).nullable().deleteRule('cascade').index(),
    serviceAccount: () => p.manyToOne(ServiceAccount).nullable().deleteRule('cascade').index(),
    name: p.string().length(100),
    scopes: p.array().$type<string[]>(),
    secretHash: p.blob(),
    /** When the present secret was made: at the creation, or by a rotation. */
    secretSetAt: p.datetime(),
    /** The secret before the rotation, accepted until `rotatingUntil`. */
    formerHash: p.blob().nullable(),
    rotatingUntil: p.datetime().nullable(),
    /** Networks that the key is accepted from; empty: every network. */
    ipAllowlist: p.array().columnType('cidr[]').$type<string[]>(),
    /** Null: the limit `apiKey` alone. */
    limitPerMinute: p.integer().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    revokedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    lastUsedFrom: p.string().length(45).nullable(),
    /** When the owner was last reminded of the expiry. */
    expiryMailedAt: p.datetime().nullable(),
    /** When the owner was last told that the key was in a URL. */
    exposureMailedAt: p.datetime().nullable(),
  },
  checks: [{ name: 'api_keys_one_owner', expression: 'num_nonnulls(user_id, service_account_id) = 1' }],
});

export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
