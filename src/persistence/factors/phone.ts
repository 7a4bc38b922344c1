/** A phone number of a user. One that is not verified waits for its code. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

const PhoneSchema = defineEntity({
  name: 'Phone',
  tableName: 'phones',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    /** E.164, sealed with the id as associated data. */
    numberSealed: p.blob(),
    /** Keyed hash of the number. */
    numberHash: p.blob(),
    /** ISO 3166-1. */
    country: p.string().length(2),
    /** Whether codes to it are a second factor. */
    factor: p.boolean(),
    createdAt: p.datetime(),
    verifiedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'phones_verified_number',
      expression: 'create unique index phones_verified_number on phones (number_hash) where verified_at is not null',
    },
    {
      name: 'phones_unverified',
      expression: 'create index phones_unverified on phones (created_at) where verified_at is null',
    },
  ],
});

export class Phone extends PhoneSchema.class {}
PhoneSchema.setClass(Phone);
