/**
 * Registers an address. With verification required, the registration is pending (pending.ts) until the token of its mail
 * is spent (verify-email.ts); without it, the account is created at once.
 */
import { insertUser } from '../../../persistence/accounts/registrations.ts';
import { keyedHash } from '../../../security/keys/keyed-hash.ts';
import { assertCaptchaWhenDue } from '../../attempts/captcha-due.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { type FieldProblem, Refusal } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { newPasswordProblems } from '../../passwords/new-password.ts';
import { displayNameProblems, normaliseDisplayName } from '../../text/display-name.ts';
import { normaliseEmail } from '../../text/email-address.ts';
import { localeProblems, normaliseLocale } from '../../text/locale.ts';
import { transact } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';
import { newAddressProblems } from '../new-address.ts';
import { type Applicant, createPending, hashForRegistration } from './pending.ts';
import { judgeRegistration, type RegistrationRisk } from './registration-risk.ts';
import { vetAccount } from './vet-registration.ts';

export interface RegistrationRequest {
  email: string;
  /** Optional where users can sign in with a code in their mail. */
  password?: string | null | undefined;
  displayName?: string | null | undefined;
  /** The language of mails, a BCP 47 tag. */
  locale?: string | null | undefined;
}

export type RegistrationStatus = 'VERIFICATION_SENT' | 'ACTIVE';

/**
 * @throws Refusal BAD_USER_INPUT, CAPTCHA_REQUIRED, FORBIDDEN, SERVICE_BUSY; EMAIL_TAKEN and REFUSED_BY_POLICY only
 *   where verification is off
 */
export async function register(
  deps: AccountDeps,
  caller: Caller,
  request: RegistrationRequest,
): Promise<RegistrationStatus> {
  const { password, ...person } = await checked(deps, request);
  await assertCaptchaWhenDue(deps, caller, 'REGISTER');
  const risk = await judgeRegistration(deps, caller, { email: person.email, isRepeatable: true });
  const passwordHash = password === null ? null : await hashForRegistration(deps, person.email, password);
  const applicant = { ...person, passwordHash, identity: null };
  if (deps.settings.emailVerification === 'off') {
    await vetAccount(deps, caller, applicant);
    await createUser(deps, caller, applicant, risk);
    return 'ACTIVE';
  }
  await createPending(deps, caller, applicant, risk);
  return 'VERIFICATION_SENT';
}

/** Reports every problem of every field at once. */
async function checked(deps: AccountDeps, { password = null, ...request }: RegistrationRequest) {
  const email = normaliseEmail(request.email);
  const displayName = normaliseDisplayName(request.displayName);
  const locale = normaliseLocale(request.locale);
  const context = { email: email ?? '', displayName };
  const fields = [
    ...(await newAddressProblems(deps, email, 'input.email')),
    ...(password === null
      ? passwordProblems(deps)
      : await newPasswordProblems(deps, password, context, 'input.password')),
    ...displayNameProblems(displayName, 'input.displayName'),
    ...localeProblems(locale, 'input.locale'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, displayName, locale, password };
}

/** Of a registration without a password. */
function passwordProblems({ settings }: AccountDeps): FieldProblem[] {
  if (settings.signInMethods.includes('EMAIL_CODE')) return [];
  return [{ path: 'input.password', code: 'REQUIRED', message: 'Enter a password.' }];
}

async function createUser(
  deps: AccountDeps,
  caller: Caller,
  applicant: Applicant,
  risk: RegistrationRisk,
): Promise<void> {
  const addressHash = keyedHash(deps.keyRing, applicant.email).toString('base64url');
  await transact<null>(deps, caller, async ({ tx, now, audit }) => {
    const id = newId(now);
    const user = { ...applicant, id, emailVerifiedAt: null, role: 'USER', status: 'ACTIVE', now } as const;
    const action = 'registration.requested';
    if (!(await insertUser(tx, user))) {
      audit({ action, outcome: 'FAILURE', ...noActor, details: { addressHash, result: 'address_taken', ...risk } });
      return new Refusal('EMAIL_TAKEN');
    }
    const owner = { actorId: id, sessionId: null };
    audit({ action, ...owner, details: { addressHash, result: 'created', ...risk } });
    audit({
      action: 'user.created',
      ...owner,
      target: { type: 'user', id },
      details: { role: 'USER', through: 'registration' },
    });
    return null;
  });
}
