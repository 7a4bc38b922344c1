/** The options that every way of signing in takes. */
import type { Delivery } from '../../persistence/sign-in/mfa-ticket.ts';
import { Refusal } from '../errors.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';

export interface SignInOptions {
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
  /** How the tokens travel, now or after the second step. */
  delivery?: Delivery | undefined;
}

export interface CheckedOptions {
  rememberMe: boolean;
  deviceName: string | null;
  delivery: Delivery;
}

/** @throws Refusal BAD_USER_INPUT */
export function checkedOptions({ rememberMe = false, delivery = 'BEARER', ...given }: SignInOptions): CheckedOptions {
  const deviceName = normaliseDisplayName(given.deviceName);
  const fields = displayNameProblems(deviceName, 'input.deviceName');
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { rememberMe, deviceName, delivery };
}
