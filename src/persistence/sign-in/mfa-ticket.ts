/**
 * A sign-in after the correct password and before the second factor. It stores the options of the first step, so that
 * the second step cannot change them. The row stores the SHA-256 of the ticket.
 */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import type { AuthMethod } from '../sessions/token-family.ts';

export const deliveries = ['BEARER', 'COOKIE'] as const;
/** The way in which the tokens of a session are returned. */
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
    /** The id of the known device that sent the password; null: an unknown device. */
    trustedDevice: p.uuid().nullable(),
    /** What the first step proved. */
    methods: p.array().$type<AuthMethod[]>().default(['PASSWORD']),
    /** The identity of the provider that the first step used, sealed with the id of the ticket; null: none. */
    identitySealed: p.blob().nullable(),
    /** Of the first step; null: it was not assessed. */
    risk: p.json().$type<RiskAssessment>().nullable(),
    /** The number of wrong codes. */
    failures: p.integer().default(0),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
});

export class MfaTicket extends MfaTicketSchema.class {}
MfaTicketSchema.setClass(MfaTicket);
