/** Signs in with a password. */
import type { Delivery } from '../../persistence/sign-in/mfa-ticket.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import type { SignInDeps } from './deps.ts';
import { type ImportUser, importedProof } from './imported-proof.ts';
import { leavingGate, type PasswordRequest, passwordProof } from './password-proof.ts';
import type { MfaChallenge } from './second-step.ts';
import { type SignedIn, signIn } from './sign-in.ts';

export interface LoginRequest {
  email: string;
  password: string;
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
  /** How the tokens travel, now or after the second step. */
  delivery?: Delivery | undefined;
}

/**
 * @returns a challenge instead of a session for users with a second factor
 * @throws Refusal FORBIDDEN, INVALID_CREDENTIALS, EMAIL_NOT_VERIFIED, ACCOUNT_SUSPENDED, TOO_MANY_ATTEMPTS, RATE_LIMITED,
 *   CAPTCHA_REQUIRED, SERVICE_BUSY, BAD_USER_INPUT; SERVICE_UNAVAILABLE when a hook fails
 */
export async function login<Deps extends SignInDeps>(
  unit: Deps,
  caller: Caller,
  request: LoginRequest,
  importUser: ImportUser<Deps>,
): Promise<SignedIn | MfaChallenge> {
  await assertMethodEnabled(unit, caller, 'PASSWORD');
  const password = checked(request);
  // The gate of the hashes refuses a surplus sign-in here, before its first statement.
  return unit.hasher.admit((leave) => {
    const proof = leavingGate(passwordProof(unit, caller, password), leave);
    return signIn(unit, caller, importedProof(unit, caller, password, { proof, importUser }));
  });
}

function checked({ password, rememberMe = false, delivery = 'BEARER', ...request }: LoginRequest): PasswordRequest {
  const email = normaliseEmail(request.email);
  const deviceName = normaliseDisplayName(request.deviceName);
  const fields = [
    ...(email === null ? [invalidEmail('input.email')] : []),
    ...displayNameProblems(deviceName, 'input.deviceName'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, password, rememberMe, deviceName, delivery };
}
