/** The names of the checks of `postern doctor`, in the order of its report. */
export const checkNames = [
  'settings',
  'public-url',
  'database',
  'redis',
  'smtp',
  'sms',
  'clock',
  'keys',
  'audit',
  'queues',
  'proxies',
  'providers',
  'locations',
  'captcha',
  'hooks',
] as const;

export type CheckName = (typeof checkNames)[number];
