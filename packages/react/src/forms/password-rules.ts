/** Whether a password meets the rules that the page can check. The gateway checks all of them. */
import type { PasswordPolicy } from '../account/use-password.ts';

export interface RuleResults {
  length: boolean;
  /** Null: the policy has no such rule. */
  classes: boolean | null;
}

const patterns = {
  LOWERCASE: /\p{Ll}/u,
  UPPERCASE: /\p{Lu}/u,
  DIGIT: /\p{Nd}/u,
  SPECIAL: /[^\p{L}\p{N}]/u,
};

export function minLengthOf(policy: PasswordPolicy, hasSecondFactor: boolean): number {
  return hasSecondFactor ? policy.minLengthWithSecondFactor : policy.minLength;
}

/** Counts code points, as the gateway does. */
export function checkRules(policy: PasswordPolicy, password: string, hasSecondFactor: boolean): RuleResults {
  const { requiredClasses, classesRequiredBelow } = policy;
  const length = [...password].length;
  const hasAll = requiredClasses.every((name) => patterns[name].test(password));
  const isLong = classesRequiredBelow !== null && length >= classesRequiredBelow;
  return {
    length: length >= minLengthOf(policy, hasSecondFactor),
    classes: requiredClasses.length === 0 ? null : hasAll || isLong,
  };
}
