/** The paths of the console below /console/. The gateway serves these and no others; the first one is the start. */
export const paths = [
  'overview',
  'users',
  'users/:id',
  'roles',
  'service-accounts',
  'service-accounts/:id',
  'audit',
  'risk',
  'access',
  'providers',
  'webhooks',
  'webhooks/:id',
  'settings',
  'signing-keys',
] as const;
