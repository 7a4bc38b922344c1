/** The last test of a provider, also of one of the configuration. */
import { defineEntity, p } from '@mikro-orm/core';

export interface StoredProblem {
  code: string;
  message: string;
}

const ProviderTestSchema = defineEntity({
  name: 'ProviderTest',
  tableName: 'provider_tests',
  properties: {
    providerId: p.uuid().primary(),
    testedAt: p.datetime(),
    /** Empty: the gateway could use the provider. */
    problems: p.json().$type<readonly StoredProblem[]>(),
  },
});

export class ProviderTest extends ProviderTestSchema.class {}
ProviderTestSchema.setClass(ProviderTest);
