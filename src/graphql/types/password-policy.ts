/** The password policy, as a form needs it. */
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
  description: 'A kind of character.',
  valuesConfig: {
    LOWERCASE: { description: 'A lower-case letter of any alphabet.' },
    UPPERCASE: { description: 'An upper-case letter of any alphabet.' },
    DIGIT: { description: 'A decimal digit.' },
    SPECIAL: { description: 'Neither letter nor number: punctuation, a symbol, a space.' },
  },
});

export const PasswordPresetEnum = { CLASSIC: 'classic', PASSPHRASE: 'passphrase', NIST: 'nist' } as const;
registerEnumType(PasswordPresetEnum, {
  name: 'PasswordPreset',
  description: 'The set of rules that the operator has chosen.',
  valuesConfig: {
    CLASSIC: { description: '8 characters or more, of all four classes.' },
    PASSPHRASE: { description: '12 characters or more; classes are demanded of those under 20.' },
    NIST: { description: '15 characters or more, of any kind (NIST SP 800-63B).' },
  },
});

@ObjectType({
  description:
    'What a password must be, so that forms can tell before they send. Besides, common passwords are refused (`TOO_COMMON`), and those that contain your name, your address or the name of this service (`CONTEXT_WORD`).',
})
export class PasswordPolicy {
  @Field(() => PasswordPresetEnum, { description: 'The set of rules in force.' })
  preset!: PasswordPreset;

  @Field(() => Int, { description: 'The fewest characters (Unicode code points after NFKC).' })
  minLength!: number;

  @Field(() => Int, { description: 'The fewest characters once you have a second factor.' })
  minLengthWithSecondFactor!: number;

  @Field(() => Int, { description: 'The most characters. A longer password is refused, never cut.' })
  maxLength!: number;

  @Field(() => [CharacterClassEnum], { description: 'At least one character of each.' })
  requiredClasses!: CharacterClass[];

  @Field(() => Int, {
    nullable: true,
    description: 'From this length on no classes are required; null: they always are.',
  })
  classesRequiredBelow!: number | null;

  @Field(() => Int, {
    description: 'So many of your last passwords, the present one included, you may not choose again (`REUSED`).',
  })
  historySize!: number;

  @Field(() => Boolean, {
    description: 'Whether passwords that are known from breaches of other services are refused (`BREACHED`).',
  })
  breachCheck!: boolean;
}
