/** The explanation of why an operation is allowed or denied to a user: one line for each requirement. */

export const requirementKinds = [
  'SIGNED_IN',
  'PERMISSION',
  'SECOND_FACTOR',
  'RECENT',
  'NETWORK',
  'RANK',
  'CALLER_KIND',
  'LIMIT',
] as const;
export type RequirementKind = (typeof requirementKinds)[number];

export interface AccessRequirement {
  kind: RequirementKind;
  met: boolean;
  required: string;
  /** null: it follows from no state, or the reader may not know it. */
  actual: string | null;
}

export interface AccessExplanation {
  /** For example `Mutation.suspendUser`. */
  operation: string;
  /** Whether every requirement is met. */
  allowed: boolean;
  requirements: AccessRequirement[];
}
