/** The paths of the console below /console/. The gateway serves these and no others; the first one is the start. */
export const paths = [
  'overview',
  'users',
  'users/:id',
  'audit',
  'risk',
  'roles',
  'service-accounts',
  'service-accounts/:id',
  'webhooks',
  'webhooks/:id',
  'providers',
  'settings',
  'signing-keys',
] as const;
