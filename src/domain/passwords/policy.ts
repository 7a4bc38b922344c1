/** The rules for passwords (NIST SP 800-63B-4 3.1.1, ASVS 6.2), as pure functions. */
import { maxPasswordUnits } from '../../security/bounded-text.ts';
import { isCommonPassword } from '../../security/passwords/common-passwords.ts';
import type { FieldProblem } from '../errors.ts';

export const characterClasses = ['LOWERCASE', 'UPPERCASE', 'DIGIT', 'SPECIAL'] as const;
export type CharacterClass = (typeof characterClasses)[number];

export const passwordPresets = ['classic', 'passphrase', 'nist'] as const;
export type PasswordPreset = (typeof passwordPresets)[number];

export interface PasswordPolicy {
  preset: PasswordPreset;
  minLength: number;
  maxLength: number;
  requiredClasses: CharacterClass[];
  /** The minimum for a user with a second factor. */
  minLengthWithSecondFactor: number;
  /** Passwords of this length or longer need no classes; null: every password needs them. */
  classesRequiredBelow: number | null;
}

const maxLength = 128;

export const passwordPolicies: Readonly<Record<PasswordPreset, PasswordPolicy>> = {
  classic: {
    preset: 'classic',
    minLength: 8,
    minLengthWithSecondFactor: 8,
    maxLength,
    requiredClasses: [...characterClasses],
    classesRequiredBelow: null,
  },
  passphrase: {
    preset: 'passphrase',
    minLength: 12,
    minLengthWithSecondFactor: 12,
    maxLength,
    requiredClasses: [...characterClasses],
    classesRequiredBelow: 20,
  },
  nist: {
    preset: 'nist',
    minLength: 15,
    minLengthWithSecondFactor: 8,
    maxLength,
    requiredClasses: [],
    classesRequiredBelow: null,
  },
};

const classPatterns: Readonly<Record<CharacterClass, RegExp>> = {
  LOWERCASE: /\p{Ll}/u,
  UPPERCASE: /\p{Lu}/u,
  DIGIT: /\p{Nd}/u,
  SPECIAL: /[^\p{L}\p{N}]/u,
};

/** The user of the password: words that an attacker would try, and whether a second factor protects the account. */
export interface PasswordContext {
  email: string;
  displayName: string | null;
  productName: string;
  hasSecondFactor?: boolean;
}

/** Shorter words occur in good passwords by chance. */
const minWordLength = 4;

/**
 * Length is counted in visible code points. The hash takes the NFKC form, which can be longer (one code point becomes up
 * to eighteen) or shorter than the input, so the smaller length counts.
 * @returns every problem of the password; empty: it is acceptable
 */
export function passwordProblems(
  policy: PasswordPolicy,
  password: string,
  context: PasswordContext,
  path: string,
): FieldProblem[] {
  const problem = (code: string, message: string): FieldProblem => ({ path, code, message });
  const tooLong = problem('TOO_LONG', `Use at most ${policy.maxLength} characters.`);
  if (password.length > maxPasswordUnits) return [tooLong];
  const normalised = visiblePart(password.normalize('NFKC'));
  const length = Math.min([...visiblePart(password)].length, [...normalised].length);
  const problems: FieldProblem[] = [];
  const minLength = context.hasSecondFactor ? policy.minLengthWithSecondFactor : policy.minLength;
  if (length < minLength) problems.push(problem('TOO_SHORT', `Use at least ${minLength} characters.`));
  if (length > policy.maxLength) problems.push(tooLong);
  const missing = missingClasses(policy, normalised, length);
  if (missing.length > 0) problems.push(problem('MISSING_CLASSES', `Add: ${missing.map(nameOf).join(', ')}.`));
  if (isCommonPassword(normalised))
    problems.push(problem('TOO_COMMON', 'This password is too common. Choose another one.'));
  if (holdsContextWord(normalised, context)) {
    problems.push(problem('CONTEXT_WORD', 'Do not use your name, your e-mail address or the name of this service.'));
  }
  return problems;
}

function visiblePart(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '');
}

function missingClasses(policy: PasswordPolicy, password: string, length: number): CharacterClass[] {
  if (policy.classesRequiredBelow !== null && length >= policy.classesRequiredBelow) return [];
  return policy.requiredClasses.filter((name) => !classPatterns[name].test(password));
}

function nameOf(characterClass: CharacterClass): string {
  const names = {
    LOWERCASE: 'a lower-case letter',
    UPPERCASE: 'an upper-case letter',
    DIGIT: 'a digit',
    SPECIAL: 'a special character',
  };
  return names[characterClass];
}

function holdsContextWord(password: string, { email, displayName, productName }: PasswordContext): boolean {
  const folded = password.toLowerCase();
  const localPart = email.slice(0, email.lastIndexOf('@'));
  const words = [
    ...productName.split(/\s+/),
    localPart,
    ...localPart.split(/[^\p{L}\p{N}]+/u),
    ...(displayName ?? '').split(/\s+/),
  ];
  return words.some(
    (word) => [...word].length >= minWordLength && folded.includes(word.normalize('NFKC').toLowerCase()),
  );
}
