/** The texts of the explanation of access in English. */
import type { AccessRequirementKind } from '../../generated/operations.ts';

export const en = {
  lead: 'Why an operation is allowed or denied to this user. Each question is written to the audit trail.',
  operation: 'Operation',
  operationHint: 'For example suspendUser, Query.users or Viewer.sessions.',
  unknown: 'No such operation. schema/permissions.md lists all of them.',
  session: 'Session',
  anySession: 'A new one, with every factor',
  ask: 'Explain',
  allowed: (operation: string) => `${operation} is allowed`,
  denied: (operation: string) => `${operation} is denied`,
  noRequirements: 'Any caller may call this operation.',
  requirement: 'Requirement',
  required: 'Required',
  actual: 'Is',
  state: 'State',
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
