/** A key that signs access tokens: `next` is published, `active` signs, `retired` is published until its last token has expired. */
import { defineEntity, p } from '@mikro-orm/core';

const signingKeyStates = ['next', 'active', 'retired'] as const;

const SigningKeySchema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_keys',
  properties: {
    /** RFC 7638 thumbprint of the public key. */
    kid: p.string().length(64).primary(),
    state: p.enum(signingKeyStates),
    /** The public key as a JWK, in JSON. */
    publicJwk: p.json<{ kty: 'EC'; crv: 'P-256'; x: string; y: string }>(),
    /** PKCS#8, sealed with the kid as associated data. */
    privateKeySealed: p.blob(),
    createdAt: p.datetime(),
    activatedAt: p.datetime().nullable(),
    retiredAt: p.datetime().nullable(),
  },
  uniques: [
    {
      name: 'signing_keys_one_active',
      expression: "create unique index signing_keys_one_active on signing_keys (state) where state = 'active'",
    },
    {
      name: 'signing_keys_one_next',
      expression: "create unique index signing_keys_one_next on signing_keys (state) where state = 'next'",
    },
  ],
});

export class SigningKey extends SigningKeySchema.class {}
SigningKeySchema.setClass(SigningKey);
