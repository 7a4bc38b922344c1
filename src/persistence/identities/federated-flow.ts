/**
 * A sign-in at a provider in progress: from the authorization request to the exchange code, and on to the ticket of a
 * proposal. Secrets are stored as hashes, or sealed with the id as associated data.
 */
import { defineEntity, p } from '@mikro-orm/core';

export const flowPurposes = ['SIGN_IN', 'LINK', 'REAUTHENTICATE'] as const;
export type FlowPurpose = (typeof flowPurposes)[number];

const FederatedFlowSchema = defineEntity({
  name: 'FederatedFlow',
  tableName: 'federated_flows',
  properties: {
    id: p.uuid().primary(),
    /** SHA-256 of the state; after a callback by POST, of the value that continues it. */
    stateHash: p.blob().unique(),
    /** SHA-256 of the exchange code. */
    codeHash: p.blob().nullable().unique(),
    /** SHA-256 of the ticket of a proposal. */
    ticketHash: p.blob().nullable().unique(),
    providerId: p.uuid(),
    purpose: p.enum(flowPurposes),
    /** The session that began it, of `LINK` and `REAUTHENTICATE`. */
    sessionId: p.uuid().nullable(),
    /** SHA-256 of the cookie of the browser that began it; null: it began without one. */
    browserHash: p.blob().nullable(),
    returnTo: p.string().length(2048),
    /** S256 of the verifier that the application keeps. */
    codeChallenge: p.string().length(64),
    /** State, nonce and PKCE verifier. */
    secretsSealed: p.blob(),
    /** The parameters of a callback by POST. */
    answerSealed: p.blob().nullable(),
    /** What the provider said about the user. */
    profileSealed: p.blob().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    /** When the callback used the state. */
    consumedAt: p.datetime().nullable(),
  },
});

export class FederatedFlow extends FederatedFlowSchema.class {}
FederatedFlowSchema.setClass(FederatedFlow);
