/** The pages of a signed-in user, in the order of the navigation. */
export const accountPaths = ['profile', 'security', 'sessions', 'identities', 'keys', 'activity', 'data'] as const;

export type AccountPath = (typeof accountPaths)[number];

/** The paths of the account pages below /account/. The gateway serves these and no others; the first one is the start. */
export const paths = [
  'sign-in',
  'second-step',
  'register',
  'finish-sign-up',
  'link',
  'callback',
  'forgot-password',
  'reset-password',
  'accept-invitation',
  'verify-email',
  'confirm-email',
  'confirm-passkey',
  'not-me',
  ...accountPaths,
] as const;

export type Path = (typeof paths)[number];
