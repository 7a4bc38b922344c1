/** The settings of the gateway. */
import { Field, ObjectType, registerEnumType } from 'type-graphql';

export const SettingSourceEnum = { ENVIRONMENT: 'ENVIRONMENT', FILE: 'FILE', DEFAULT: 'DEFAULT' } as const;
export type SettingSource = keyof typeof SettingSourceEnum;
registerEnumType(SettingSourceEnum, {
  name: 'SettingSource',
  description: 'The sources of settings.',
  valuesConfig: {
    ENVIRONMENT: { description: 'A variable of the environment.' },
    FILE: { description: 'The file `.env` in the working folder of the gateway.' },
    DEFAULT: { description: 'The setting is not set.' },
  },
});

@ObjectType({ description: 'One setting of the gateway (see docs/configuration.md).' })
export class Setting {
  @Field(() => String, { description: 'The name, for example `ACCESS_TOKEN_TTL`.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The value in effect, as it is written in the environment. Null for secrets, and for settings that are not set and have no fixed default.',
  })
  value!: string | null;

  @Field(() => SettingSourceEnum, { description: 'The source of the value.' })
  source!: SettingSource;

  @Field(() => Boolean, {
    description:
      'True when the value is a secret or contains one: it is never returned. `source` tells whether it is set.',
  })
  secret!: boolean;
}
