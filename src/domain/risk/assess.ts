/** Assesses a sign-in after its proof, and a registration before any work for it. It adds demands and never removes one. */
import { recordPasswordCheck } from '../../persistence/risk/habits.ts';
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import { isDisposable } from '../../security/disposable-mail.ts';
import type { Caller, RiskAssessment } from '../caller.ts';
import { placeOf } from '../place.ts';
import type { RiskDeps } from './deps.ts';
import { isRefused } from './rules.ts';
import { assessmentOf, type Possible } from './score.ts';
import { type SignInFacts, signalsOf } from './signals.ts';
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
  const { mode } = deps.settings.risk;
  if (mode === 'off') return null;
  const { user, isTrustedDevice, failsAtManyAccounts, possible } = signIn;
  const place = placeOf(deps.locate, client);
  const facts = {
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
    hasDisposableMail: await hasDisposableMail(deps, user.email),
  };
  return assessed(deps, facts, { role: user.role, ipAddress: client.ipAddress, possible });
}

export interface NewRegistration extends Pick<ProvenSignIn, 'failsAtManyAccounts'> {
  email: string;
  /** The role of the account. */
  role: string;
  /** Whether a captcha can be asked. The mail of a registration is its second step already. */
  possible: Pick<Possible, 'captcha'>;
}

/** What is known about an account before it exists. */
const newcomer = {
  habits: null,
  isTrustedDevice: false,
  isFamiliar: false,
  isKnownNetwork: false,
  lastActiveAt: null,
  hasBreachedPassword: false,
};

/** From the source and the address alone, so that no answer depends on an account. @returns null with RISK=off */
export async function assessRegistration(
  deps: RiskDeps,
  { client }: Caller,
  { email, role, failsAtManyAccounts, possible }: NewRegistration,
): Promise<RiskAssessment | null> {
  if (deps.settings.risk.mode === 'off') return null;
  const facts = {
    ...newcomer,
    now: deps.clock.now(),
    headers: client,
    place: placeOf(deps.locate, client),
    failsAtManyAccounts,
    hasDisposableMail: await hasDisposableMail(deps, email),
  };
  return assessed(deps, facts, { role, ipAddress: client.ipAddress, possible: { ...possible, secondStep: false } });
}

function assessed(
  { settings, metrics }: RiskDeps,
  facts: SignInFacts,
  { role, ipAddress, possible }: { role: string; ipAddress: string | null; possible: Possible },
): RiskAssessment {
  const { rules } = settings.risk;
  const origin = { country: facts.place?.country ?? null, role, ipAddress };
  const assessment = assessmentOf(signalsOf(facts), rules, { possible, isRefused: isRefused(rules.refuse, origin) });
  metrics.riskAssessed(assessment.action);
  return assessment;
}

async function hasDisposableMail({ settings }: RiskDeps, email: string): Promise<boolean> {
  return settings.disposableMail !== 'allow' && (await isDisposable(email));
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
