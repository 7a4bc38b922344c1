/** The points and thresholds of RISK_RULES, and the countries that it refuses. */
import { type RiskSignal, riskSignals } from '../../persistence/risk/risk-assessment.ts';
import { isWithin, type Networks } from '../source.ts';

export interface RiskRules {
  points: Readonly<Record<RiskSignal, number>>;
  /** The score from which each action is taken. Ascending. */
  thresholds: { mail: number; captcha: number; secondStep: number };
  refuse: RefusalRule;
}

export interface RefusalRule {
  /** ISO 3166-1 alpha-2. Empty: no sign-in is refused. */
  countries: readonly string[];
  exceptRoles: readonly string[];
  exceptNetworks: Networks;
}

export const defaultRules: RiskRules = {
  points: {
    NEW_DEVICE: 10,
    NEW_NETWORK: 5,
    NEW_COUNTRY: 25,
    NEW_ASN: 10,
    IMPOSSIBLE_TRAVEL: 40,
    LONG_IDLE: 15,
    UNUSUAL_HOUR: 5,
    MANY_ACCOUNTS_FROM_SOURCE: 40,
    ANONYMISER: 20,
    AUTOMATION: 25,
    BREACHED_PASSWORD: 30,
    DISPOSABLE_MAIL: 20,
  },
  thresholds: { mail: 20, captcha: 40, secondStep: 60 },
  refuse: { countries: [], exceptRoles: [], exceptNetworks: [] },
};

export interface RiskRule {
  signal: RiskSignal;
  points: number;
}

export function listRiskRules({ points }: RiskRules): RiskRule[] {
  return riskSignals.map((signal) => ({ signal, points: points[signal] }));
}

/** An unknown country is never refused. */
export function isRefused(
  { countries, exceptRoles, exceptNetworks }: RefusalRule,
  { country, role, ipAddress }: { country: string | null; role: string; ipAddress: string | null },
): boolean {
  if (country === null || !countries.includes(country)) return false;
  return !exceptRoles.includes(role) && !isWithin(ipAddress, exceptNetworks);
}
