/** The password policy for forms. */
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CharacterClass, PasswordPreset } from '../../domain/passwords/policy.ts';

export const CharacterClassEnum = {
  LOWERCASE: 'LOWERCASE',
  UPPERCASE: 'UPPERCASE',
  DIGIT: 'DIGIT',
  SPECIAL: 'SPECIAL',
} as const;
registerEnumType(CharacterClassEnum, {
  name: 'CharacterClass',
  description: 'The classes of characters.',
  valuesConfig: {
    LOWERCASE: { description: 'A lower-case letter of any alphabet.' },
    UPPERCASE: { description: 'An upper-case letter of any alphabet.' },
    DIGIT: { description: 'A decimal digit.' },
    SPECIAL: { description: 'Punctuation, a symbol or a space.' },
  },
});

export const PasswordPresetEnum = { CLASSIC: 'classic', PASSPHRASE: 'passphrase', NIST: 'nist' } as const;
registerEnumType(PasswordPresetEnum, {
  name: 'PasswordPreset',
  description: 'The sets of rules that an operator can choose.',
  valuesConfig: {
    CLASSIC: { description: '8 characters or more, of all four classes.' },
    PASSPHRASE: { description: '12 characters or more; passwords under 20 characters need all four classes.' },
    NIST: { description: '15 characters or more, of any kind (NIST SP 800-63B).' },
  },
});

@ObjectType({
  description:
    'The rules for passwords, so that forms can check before they send. Common passwords (`TOO_COMMON`) and passwords that contain the name, the address or the name of this service (`CONTEXT_WORD`) are rejected as well.',
})
export class PasswordPolicy {
  @Field(() => PasswordPresetEnum, { description: 'The set of rules in force.' })
  preset!: PasswordPreset;

  @Field(() => Int, { description: 'The minimum length in characters (Unicode code points after NFKC).' })
  minLength!: number;

  @Field(() => Int, { description: 'The minimum length for users with a second factor.' })
  minLengthWithSecondFactor!: number;

  @Field(() => Int, { description: 'The maximum length. A longer password is rejected, never truncated.' })
  maxLength!: number;

  @Field(() => [CharacterClassEnum], { description: 'The classes of which at least one character is required.' })
  requiredClasses!: CharacterClass[];

  @Field(() => Int, {
    nullable: true,
    description: 'The length from which no classes are required. Null: classes are always required.',
  })
  classesRequiredBelow!: number | null;

  @Field(() => Int, {
    description: 'The number of last passwords, including the current one, that are rejected as `REUSED`.',
  })
  historySize!: number;

  @Field(() => Boolean, {
    description: 'True when passwords from known breaches of other services are rejected (`BREACHED`).',
  })
  breachCheck!: boolean;
}
