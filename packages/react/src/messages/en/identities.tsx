/** The English texts of `Identities`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Linked sign-ins',
  lead: 'Accounts at other providers that sign you in.',
  empty: 'No account is linked.',
  emptyLead: 'Link one to sign in without your password.',
  link: (provider: string) => `Link ${provider}`,
  linked: (when: ReactNode) => <>Linked {when}</>,
  lastUsed: (when: ReactNode) => <>Last used {when}</>,
  unlink: 'Unlink',
  unlinkOne: (provider: string) => `Unlink ${provider}`,
  unlinkTitle: (provider: string) => `Unlink ${provider}?`,
  unlinkLead: 'It no longer signs you in. Your account at the provider stays.',
  lastWayIn: 'This is your only way to sign in. Choose a password or add a passkey first.',
  add: 'Add a sign-in',
  noProviders: 'This service has no providers.',
};
