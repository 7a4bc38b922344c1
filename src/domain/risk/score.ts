/** From signals to points, a level and one action. */
import type { RiskAction, RiskAssessment, RiskLevel, RiskSignal } from '../../persistence/risk/risk-assessment.ts';
import type { RiskRules } from './rules.ts';

/** Levels keep their meaning when RISK_RULES moves the thresholds of the actions. */
const mediumFrom = 20;
const highFrom = 60;

/** Which actions this sign-in can be answered with. Where one is impossible, the mail takes its place. */
export interface Possible {
  captcha: boolean;
  secondStep: boolean;
}

export function assessmentOf(
  signals: readonly RiskSignal[],
  { points, thresholds }: Pick<RiskRules, 'points' | 'thresholds'>,
  { possible, isRefused }: { possible: Possible; isRefused: boolean },
): RiskAssessment {
  const score = signals.reduce((sum, signal) => sum + points[signal], 0);
  const action = isRefused ? 'REFUSE' : actionOf(score, thresholds, possible);
  return { level: levelOf(score), score, signals: [...signals], action };
}

function levelOf(score: number): RiskLevel {
  if (score >= highFrom) return 'HIGH';
  return score >= mediumFrom ? 'MEDIUM' : 'LOW';
}

function actionOf(score: number, thresholds: RiskRules['thresholds'], possible: Possible): RiskAction {
  if (score >= thresholds.secondStep && possible.secondStep) return 'SECOND_STEP';
  if (score >= thresholds.captcha && possible.captcha) return 'CAPTCHA';
  return score >= thresholds.mail ? 'MAIL' : 'NONE';
}
