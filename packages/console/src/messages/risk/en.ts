/** The texts of the risk assessment in English. */
import type { RiskAction, RiskLevel, RiskSignal } from '../../generated/operations.ts';

const actions: Record<RiskAction, string> = {
  NONE: 'None',
  MAIL: 'Mail to the user',
  CAPTCHA: 'Captcha',
  SECOND_STEP: 'Second factor',
  REFUSE: 'Refusal',
};

const levels: Record<RiskLevel, string> = { LOW: 'Low risk', MEDIUM: 'Medium risk', HIGH: 'High risk' };

const signals: Record<RiskSignal, string> = {
  NEW_DEVICE: 'New device',
  NEW_NETWORK: 'New network',
  NEW_COUNTRY: 'New country',
  NEW_ASN: 'New network operator',
  IMPOSSIBLE_TRAVEL: 'Impossible travel',
  LONG_IDLE: 'Account unused for long',
  UNUSUAL_HOUR: 'Unusual hour',
  MANY_ACCOUNTS_FROM_SOURCE: 'Many accounts from one source',
  ANONYMISER: 'VPN, proxy or Tor',
  AUTOMATION: 'Looks like a script',
  BREACHED_PASSWORD: 'Breached password',
  DISPOSABLE_MAIL: 'Disposable address',
};

export const en = {
  actions,
  levels,
  signals,
  period: 'Period',
  periods: { '1': 'Last 24 hours', '7': 'Last 7 days', '30': 'Last 30 days' },
  assessed: 'Assessed sign-ins',
  bySignal: 'Signals',
  byCountry: 'Countries',
  share: (count: string, all: string) => `${count} of ${all}`,
  observed: 'With RISK=observe, actions are recorded and not taken.',
  none: 'No sign-in was assessed',
  noneHint: 'The setting RISK turns the assessment on: observe or act.',
  noLocations: 'No location is known. The settings GEOIP_DATABASE and GEO_HEADERS name its sources.',
  noSignals: 'No sign-in was unusual.',
  rules: 'Points of the signals',
  rulesHint: 'The file of RISK_RULES changes them.',
  signal: 'Signal',
  points: 'Points',
  reset: 'Reset risk history',
};

export type RiskTexts = typeof en;
