/** Assesses a sign-in after its proof. It adds demands and never removes one. */
import { recordPasswordCheck } from '../../persistence/risk/habits.ts';
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import { isDisposable } from '../../security/disposable-mail.ts';
import type { Caller, RiskAssessment } from '../caller.ts';
import { placeOf } from '../place.ts';
import type { RiskDeps } from './deps.ts';
import { isRefused } from './rules.ts';
import { assessmentOf, type Possible } from './score.ts';
import { signalsOf } from './signals.ts';
import { habitsFrom } from './stored-habits.ts';

/** A proven sign-in, before its session starts. */
export interface ProvenSignIn {
  user: SignInUser;
  /** Whether the account trusts the device of the request. */
  isTrustedDevice: boolean;
  failsAtManyAccounts: boolean;
  possible: Possible;
  /** Looks up the proven password; null: the list did not answer. Absent: none was proven, or there is no list. */
  lookUpPassword?: () => Promise<boolean | null>;
}

/** @returns null with RISK=off */
export async function assess(deps: RiskDeps, { client }: Caller, signIn: ProvenSignIn): Promise<RiskAssessment | null> {
  const { mode, rules } = deps.settings.risk;
  if (mode === 'off') return null;
  const { user, isTrustedDevice, failsAtManyAccounts, possible } = signIn;
  const place = placeOf(deps.locate, client);
  const signals = signalsOf({
    now: deps.clock.now(),
    headers: client,
    place,
    habits: user.habits && habitsFrom(user.habits),
    isTrustedDevice,
    failsAtManyAccounts,
    isFamiliar: user.isFamiliar,
    isKnownNetwork: user.isKnownNetwork,
    lastActiveAt: user.lastActiveAt === null ? null : new Date(user.lastActiveAt),
    hasBreachedPassword: mode === 'act' && (await hasBreachedPassword(deps, signIn)),
    hasDisposableMail: deps.settings.disposableMail !== 'allow' && (await isDisposable(user.email)),
  });
  const origin = { country: place?.country ?? null, role: user.role, ipAddress: client.ipAddress };
  const assessment = assessmentOf(signals, rules, { possible, isRefused: isRefused(rules.refuse, origin) });
  deps.metrics.riskAssessed(assessment.action);
  return assessment;
}

/** Asks once for each password, and again when the list did not answer. */
async function hasBreachedPassword({ em, clock }: RiskDeps, { user, lookUpPassword }: ProvenSignIn): Promise<boolean> {
  if (!lookUpPassword) return false;
  const { habits, passwordSetAt } = user;
  const checkedAt = habits?.passwordCheckedAt ?? null;
  const isChecked = checkedAt !== null && (passwordSetAt === null || new Date(checkedAt) >= new Date(passwordSetAt));
  if (isChecked) return habits?.passwordBreached ?? false;
  const isBreached = await lookUpPassword();
  if (isBreached !== null) await recordPasswordCheck(em, user.id, { now: clock.now(), isBreached });
  return isBreached ?? false;
}
