/**
 * When a captcha is due: by the operation, and by failed sign-ins of the source or at the address, whether it has an account
 * or not. It never depends on an account, so the answer reveals none.
 */
import { findStandings, type Standing } from '../../persistence/attempts/attempts.ts';
import type { Caller } from '../caller.ts';
import { assertCaptcha, type CaptchaAction } from './captcha.ts';
import { accountCounter } from './counters.ts';
import type { AttemptDeps } from './deps.ts';
import { type LimitedNetwork, limitedNetworks } from './source-attempts.ts';
import { trustedDeviceOf } from './trusted-devices.ts';

/**
 * @param email for sign-ins: its failures count, and a device that its account trusts needs no captcha
 * @throws Refusal CAPTCHA_REQUIRED, SERVICE_BUSY
 */
export async function assertCaptchaWhenDue(
  deps: AttemptDeps,
  caller: Caller,
  action: CaptchaAction,
  email: string | null = null,
): Promise<void> {
  if (!(await isCaptchaDue(deps, caller, action, email))) return;
  if (email !== null && (await trustedDeviceOf(deps, caller, email)) !== null) return;
  await assertCaptcha(deps, caller, action);
}

export async function isCaptchaDue(
  deps: AttemptDeps,
  { client }: Caller,
  action: CaptchaAction,
  email: string | null,
): Promise<boolean> {
  const failures = deps.settings.captcha?.dueAfter[action];
  if (failures === undefined || failures === 0) return failures === 0;
  const networks = limitedNetworks(deps, client.ipAddress);
  const counters = networks.map(({ source }) => source.counter);
  if (email !== null) counters.push(accountCounter(deps, email));
  const standings = await findStandings(deps.em, counters, deps.clock.now());
  return hasFailed(failures, { account: standings[networks.length] ?? null, networks, ofNetworks: standings });
}

/** Failed sign-ins of the last quarter of an hour. */
export interface Failures {
  account: Standing | null;
  networks: readonly LimitedNetwork[];
  /** In the order of `networks`. */
  ofNetworks: readonly (Standing | null)[];
}

/** @param failures the number after which a captcha is due */
export function hasFailed(failures: number, { account, networks, ofNetworks }: Failures): boolean {
  if ((account?.failures ?? 0) >= failures) return true;
  return networks.some(({ times }, index) => (ofNetworks[index]?.failures ?? 0) >= failures * times);
}
