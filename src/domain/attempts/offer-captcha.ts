/** The captcha that a form shows: its provider, and what it needs. */

import type { Challenge } from '../../security/proof-of-work.ts';
import { expiryOf } from '../../security/proof-of-work.ts';
import type { Caller } from '../caller.ts';
import { type CaptchaAction, type CaptchaProvider, isServiceAway } from './captcha.ts';
import { isCaptchaDue } from './captcha-due.ts';
import type { AttemptDeps } from './deps.ts';
import { isKnownDevice } from './trusted-devices.ts';

export interface OfferedCaptcha {
  provider: CaptchaProvider;
  siteKey: string | null;
  challenge: Challenge | null;
  due: boolean;
  expiresAt: Date | null;
}

const signIns: ReadonlySet<CaptchaAction> = new Set(['LOGIN', 'CODE_LOGIN']);

/** @returns null without CAPTCHA */
export async function offerCaptcha(
  deps: AttemptDeps,
  caller: Caller,
  action: CaptchaAction,
): Promise<OfferedCaptcha | null> {
  const { captcha } = deps.settings;
  if (captcha === null) return null;
  const isAway = await isServiceAway(deps, caller, captcha);
  const isSkipped = (isAway && captcha.outage === 'allow') || (signIns.has(action) && isKnownDevice(deps, caller));
  const due = !isSkipped && (await isCaptchaDue(deps, caller, action, null));
  if (captcha.provider !== 'ALTCHA' && !(isAway && captcha.outage === 'altcha'))
    return { provider: captcha.provider, siteKey: captcha.siteKey, challenge: null, due, expiresAt: null };
  const challenge = deps.captchaVerifiers.proofOfWork.create(action, deps.clock.now());
  return { provider: 'ALTCHA', siteKey: null, challenge, due, expiresAt: expiryOf(challenge) };
}
