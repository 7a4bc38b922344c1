/**
 * A code that was mailed or sent by SMS, and what it may be used for. The row stores hashes of the handle, of the code and
 * of the token of the link.
 */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

export const codeChannels = ['EMAIL', 'SMS'] as const;
export type CodeChannel = (typeof codeChannels)[number];

export const codePurposes = ['SIGN_IN', 'SECOND_STEP', 'REAUTHENTICATION', 'PHONE'] as const;
export type CodePurpose = (typeof codePurposes)[number];

const CodeFlowSchema = defineEntity({
  name: 'CodeFlow',
  tableName: 'code_flows',
  properties: {
    id: p.uuid().primary(),
    /** SHA-256 of the handle that the caller got. */
    flowHash: p.blob().unique(),
    /** Keyed hash of the code with the id. */
    codeHash: p.blob(),
    /** SHA-256 of the token of the link; null: the mail has no link. */
    tokenHash: p.blob().nullable().unique(),
    /** S256 of the verifier that the browser keeps (RFC 7636). */
    challenge: p.string().length(64).nullable(),
    channel: p.enum(codeChannels),
    purpose: p.enum(codePurposes),
    /** Null: the address has no account that the code could open, or the code was not sent. */
    user: () => p.manyToOne(User).nullable().deleteRule('cascade').index(),
    phoneId: p.uuid().nullable(),
    /** The address that was entered, sealed with the id; null: the code goes to a phone. */
    addressSealed: p.blob().nullable(),
    /** The id of the ticket of a second step, or of the session; null: a sign-in. */
    boundTo: p.uuid().nullable(),
    /** The number of codes that were compared. */
    attempts: p.integer().default(0),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    usedAt: p.datetime().nullable(),
  },
});

export class CodeFlow extends CodeFlowSchema.class {}
CodeFlowSchema.setClass(CodeFlow);
