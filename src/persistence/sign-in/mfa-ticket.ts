/**
 * Half a sign-in: the password was right, the second factor is to come. Keeps what the person asked for with the
 * password, so that the second step can change none of it. Only the SHA-256 of the ticket is stored.
 */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

export const deliveries = ['BEARER', 'COOKIE'] as const;
/** How the tokens of a session travel. */
export type Delivery = (typeof deliveries)[number];

const MfaTicketSchema = defineEntity({
  name: 'MfaTicket',
  tableName: 'mfa_tickets',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    tokenHash: p.blob().unique(),
    rememberMe: p.boolean(),
    deviceName: p.string().length(100).nullable(),
    delivery: p.enum(deliveries),
    /** The device's id, where the password came from one that is trusted. */
    trustedDevice: p.uuid().nullable(),
    /** Wrong codes so far. */
    failures: p.integer().default(0),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
});

export class MfaTicket extends MfaTicketSchema.class {}
MfaTicketSchema.setClass(MfaTicket);
