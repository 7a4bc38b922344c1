/** The risk of a sign-in, as sessions, tickets and audit entries store it. */

export const riskLevels = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** Ascending: a later action includes the mail. */
export const riskActions = ['NONE', 'MAIL', 'CAPTCHA', 'SECOND_STEP', 'REFUSE'] as const;
export type RiskAction = (typeof riskActions)[number];

export const riskSignals = [
  'NEW_DEVICE',
  'NEW_NETWORK',
  'NEW_COUNTRY',
  'NEW_ASN',
  'IMPOSSIBLE_TRAVEL',
  'LONG_IDLE',
  'UNUSUAL_HOUR',
  'MANY_ACCOUNTS_FROM_SOURCE',
  'ANONYMISER',
  'AUTOMATION',
  'BREACHED_PASSWORD',
  'DISPOSABLE_MAIL',
] as const;
export type RiskSignal = (typeof riskSignals)[number];

export interface RiskAssessment {
  level: RiskLevel;
  score: number;
  signals: RiskSignal[];
  action: RiskAction;
}
