/** An account of a user at a provider. Issuer and subject identify it; the e-mail address never does. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const IdentitySchema = defineEntity({
  name: 'Identity',
  tableName: 'identities',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    providerId: p.uuid().index(),
    issuer: p.string().length(512),
    subject: p.string().length(255),
    /** As the provider last named it. */
    email: p.string().length(254).nullable(),
    /** The tokens of its last sign-in, sealed with the id, where the policy of the provider stores them. */
    tokensSealed: p.blob().nullable(),
    linkedAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['issuer', 'subject'] }],
});

export class Identity extends IdentitySchema.class {}
IdentitySchema.setClass(Identity);
