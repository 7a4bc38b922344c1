/** The texts of the API keys in English. */
import type { ReactNode } from 'react';

export const en = {
  title: 'API keys',
  lead: 'Programs call this service with them in your name.',
  footnote: 'A key never has more permissions than you. Revoke a key that others may have seen.',
  empty: 'No API key yet.',
  emptyLead: 'A program that calls this service needs one.',
  create: 'Create key',
  createTitle: 'Create an API key',
  createLead: 'The key is shown once, after this step.',
  name: 'Name',
  nameHint: 'What the key is for, for example “Nightly build”.',
  scopes: 'Permissions',
  scopesHint: 'Choose only what the program needs.',
  scopesKept: 'A permission that you take away cannot be added to this key again.',
  networks: 'Networks (optional)',
  networksHint: 'Addresses and networks that the key is accepted from, for example 192.0.2.0/24. Empty: all networks.',
  limit: 'Requests a minute (optional)',
  limitHint: 'It can only lower the limit of the service.',
  limitKept: 'Empty: the limit stays as it is.',
  life: 'Lifetime',
  tooMany: 'There are 25 keys already. Revoke one first.',
  saveTitle: 'Save your API key',
  saveLead: 'It is shown once. Put it into a secret store or into the settings of the program.',
  saved: 'I have saved this key',
  fileName: 'api-key.txt',
  lastUsed: (when: ReactNode, from: string | null) => (
    <>
      Last used {when}
      {from !== null && ` from ${from}`}
    </>
  ),
  neverUsed: 'Never used',
  expires: (when: ReactNode) => <>Expires {when}</>,
  onlyFrom: (networks: string) => `Only from ${networks}`,
  perMinute: (count: string) => `At most ${count} requests a minute`,
  rotating: (until: ReactNode) => <>The former secret ends {until}.</>,
  expiresSoon: 'Expires soon',
  idle: 'Unused for 90 days',
  edit: 'Edit',
  editOne: (name: string) => `Edit key ${name}`,
  editTitle: (name: string) => `Edit the key ${name}`,
  save: 'Save key',
  rotate: 'Rotate',
  rotateOne: (name: string) => `Rotate key ${name}`,
  rotateTitle: (name: string) => `Rotate the key ${name}?`,
  rotateLead: 'You get a new secret. Give it to the program before the former one ends.',
  rotateAction: 'Rotate key',
  overlap: 'The former secret still works for',
  atOnce: 'No time: it ends at once',
  isRotating: 'The former secret of the last rotation still works.',
  revoke: 'Revoke',
  revokeOne: (name: string) => `Revoke key ${name}`,
  revokeTitle: (name: string) => `Revoke the key ${name}?`,
  revokeLead: 'Programs with this key are refused at once. This cannot be undone.',
  revokeAction: 'Revoke key',
};

export type ApiKeyTexts = typeof en;
