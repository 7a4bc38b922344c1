/** The signals of one sign-in, from plain values. Each is explained, with its false positives, in docs/risk.md. */
import { type RiskSignal, riskSignals } from '../../persistence/risk/risk-assessment.ts';
import { secondsAfter } from '../clock.ts';
import type { Place } from '../place.ts';
import { looksAutomated, type RequestHeaders } from './automation.ts';
import { type Habits, isLearning, isNew, isUnusualHour } from './habits.ts';
import { isImpossibleTravel } from './travel.ts';

const idleSeconds = 90 * 24 * 60 * 60;

export interface SignInFacts {
  now: Date;
  headers: RequestHeaders;
  place: Place | null;
  /** null: the first sign-in since the gateway learns. */
  habits: Habits | null;
  /** Whether the account trusts the device of the request. */
  isTrustedDevice: boolean;
  /** Whether the account signed in from this network and this browser before. */
  isFamiliar: boolean;
  isKnownNetwork: boolean;
  /** When the account was last used; null: this is its first sign-in. */
  lastActiveAt: Date | null;
  /** Whether the source has failed at many other accounts within the hour. */
  failsAtManyAccounts: boolean;
  hasBreachedPassword: boolean;
  hasDisposableMail: boolean;
}

export function signalsOf(facts: SignInFacts): RiskSignal[] {
  const { place, habits, now } = facts;
  const isFirst = facts.lastActiveAt === null;
  const learned = habits !== null && !isLearning(habits, now) ? habits : null;
  const found: Record<RiskSignal, boolean> = {
    NEW_DEVICE: !isFirst && !facts.isTrustedDevice && !facts.isFamiliar,
    NEW_NETWORK: learned !== null && !facts.isKnownNetwork,
    NEW_COUNTRY: learned !== null && isNew(learned.countries, place?.country ?? null, now),
    NEW_ASN: learned !== null && isNew(learned.asns, place?.asn ?? null, now),
    IMPOSSIBLE_TRAVEL: habits !== null && place !== null && isImpossibleTravel(habits, place, now),
    LONG_IDLE: facts.lastActiveAt !== null && facts.lastActiveAt < secondsAfter(now, -idleSeconds),
    UNUSUAL_HOUR: learned !== null && isUnusualHour(learned, now),
    MANY_ACCOUNTS_FROM_SOURCE: facts.failsAtManyAccounts,
    ANONYMISER: place?.isAnonymous ?? false,
    // The account knows the device, whatever its program calls itself.
    AUTOMATION: !facts.isTrustedDevice && looksAutomated(facts.headers),
    BREACHED_PASSWORD: facts.hasBreachedPassword,
    DISPOSABLE_MAIL: facts.hasDisposableMail,
  };
  return riskSignals.filter((signal) => found[signal]);
}
