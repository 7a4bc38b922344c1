/** An identity for programs that belong to no user. It has a role and authenticates with API keys or client credentials. */
import { defineEntity, p } from '@mikro-orm/core';
import { Role } from '../access/role.ts';

export const serviceAccountStatuses = ['ACTIVE', 'SUSPENDED', 'DELETED'] as const;
export type ServiceAccountStatus = (typeof serviceAccountStatuses)[number];

const ServiceAccountSchema = defineEntity({
  name: 'ServiceAccount',
  tableName: 'service_accounts',
  properties: {
    id: p.uuid().primary(),
    /** Stays taken until the row of a deleted account is erased. */
    name: p.string().length(100).unique(),
    role: () => p.manyToOne(Role).deleteRule('restrict'),
    status: p.enum(serviceAccountStatuses),
    /** A user, who may be erased meanwhile. Null: the operator at the command line. */
    createdBy: p.uuid().nullable(),
    createdAt: p.datetime(),
    suspendedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    /** The public keys of `private_key_jwt` (RFC 7523), a JWK set. */
    publicJwks: p.json().$type<{ keys: Record<string, unknown>[] }>().nullable(),
  },
});

export class ServiceAccount extends ServiceAccountSchema.class {}
ServiceAccountSchema.setClass(ServiceAccount);
