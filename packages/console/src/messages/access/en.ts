/** The texts of the access check in English. */
import type { AccessRequirementKind } from '../../generated/operations.ts';

export const en = {
  question: 'Question',
  answer: 'Answer',
  noUser: 'Choose a user',
  noQuestion: 'Choose an operation',
  lead: 'The answer names each requirement of the operation, and whether the user meets it. Each check is written to the audit trail.',
  otherUser: 'Choose another',
  operation: 'Operation',
  operationHint: 'For example suspendUser, Query.users or Viewer.sessions.',
  unknown: 'There is no such operation. schema/permissions.md lists all of them.',
  session: 'Session',
  anySession: 'A new one, with every factor',
  target: 'Concerned user',
  removeTarget: 'Remove the concerned user',
  targetHint: 'For operations about another user, such as suspendUser: the ranks are compared.',
  ask: 'Check access',
  /** After the name of the operation. */
  allowed: 'is allowed',
  denied: 'is denied',
  noRequirements: 'Any caller may call this operation.',
  required: 'Required',
  actual: 'Is',
  met: 'Met',
  unmet: 'Not met',
  restricted: 'Only for administrators of this rank',
  kinds: {
    SIGNED_IN: 'Signed in',
    PERMISSION: 'Permission',
    SECOND_FACTOR: 'Second factor',
    RECENT: 'Recent authentication',
    NETWORK: 'Network',
    RANK: 'Rank',
    CALLER_KIND: 'Kind of caller',
    LIMIT: 'Rate limit',
  } satisfies Record<AccessRequirementKind, string>,
};

export type AccessTexts = typeof en;
