/** A client secret of a service account, for `/oauth/token`. Only its keyed hash is stored. */
import { defineEntity, p } from '@mikro-orm/core';
import { ServiceAccount } from './service-account.ts';

const ServiceAccountSecretSchema = defineEntity({
  name: 'ServiceAccountSecret',
  tableName: 'service_account_secrets',
  properties: {
    id: p.uuid().primary(),
    serviceAccount: () => p.manyToOne(ServiceAccount).deleteRule('cascade').index(),
    secretHash: p.blob().unique(),
    /** The last characters of the secret. */
    hint: p.string().length(8),
    createdAt: p.datetime(),
    /** Null: it does not expire. */
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
});

export class ServiceAccountSecret extends ServiceAccountSecretSchema.class {}
ServiceAccountSecretSchema.setClass(ServiceAccountSecret);
