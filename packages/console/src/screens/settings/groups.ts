/** Sorts settings into groups by their names. New settings that fit none are in the last group. */

/** The first pattern that matches counts. */
const patterns = [
  ['mail', /^(?:SMTP|MAIL|PRODUCT_NAME|SUPPORT_URL)/],
  ['database', /^(?:DATABASE|PG|PARTITIONS)/],
  ['limits', /^(?:RATE_LIMIT|LOCKOUT|INSTANCES|REDIS)/],
  ['audit', /_RETENTION$/],
  ['telemetry', /^(?:METRICS|OTEL|LOG|TRACE)/],
  ['signIn', /^(?:ACCESS|REFRESH|REAUTH|MFA|PASSWORD|EMAIL|PASSKEY|FEDERATED|RETURN_URLS|BREACH|KEY_ROTATION)/],
  ['server', /^(?:NODE_ENV|SECRET|HOST|PORT|PUBLIC|APP_URL|PAGES|CORS|TRUSTED|ADMIN|ROUTER|OUTBOUND|SHUTDOWN)/],
  ['server', /^(?:INTROSPECTION|SANDBOX)/],
] as const;

export const settingGroups = ['server', 'signIn', 'mail', 'limits', 'database', 'audit', 'telemetry', 'other'] as const;
export type SettingGroup = (typeof settingGroups)[number];

export function groupOf(name: string): SettingGroup {
  return patterns.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';
}
