/**
 * Asks the hook `beforeRegister`. A registration that waits for its mail is judged when the mail leaves, and never during
 * `register`: body and time of that answer are the same for every verdict.
 */

import type { Mail } from '../../../mail/mail.ts';
import { Registration } from '../../../persistence/accounts/registration.ts';
import { hashMailToken } from '../../../security/tokens/mail-tokens.ts';
import type { Caller, Client } from '../../caller.ts';
import { decide, type HookDeps, policyRefused, recordFailure } from '../../hooks/decide.ts';
import { systemCaller } from '../../operator.ts';
import { transact } from '../../transaction.ts';
import type { Applicant } from './pending.ts';

type Person = Pick<Applicant, 'email' | 'displayName' | 'locale'>;

/** For an account that is created at once. @throws Refusal REFUSED_BY_POLICY, SERVICE_UNAVAILABLE */
export async function vetAccount(deps: HookDeps, caller: Caller, person: Person): Promise<void> {
  await decide(deps, caller, 'beforeRegister', inputFor(person, caller.client));
}

/**
 * For the mail of a pending registration, before it is sent. A refused registration is deleted: without its mail, no
 * client can confirm it.
 */
export async function vetMail(deps: HookDeps, mail: Mail): Promise<'send' | 'withhold' | 'later'> {
  if (mail.kind !== 'verify_email' || !deps.hooks.has('beforeRegister')) return 'send';
  const tokenHash = hashMailToken(mail.variables.token);
  const registration = tokenHash && (await deps.em.fork().findOne(Registration, { tokenHash }));
  // Confirmed or replaced meanwhile: the link has no effect.
  if (!registration) return 'send';
  const { id, ipAddress = null } = registration;
  const person = {
    ...registration,
    displayName: registration.displayName ?? null,
    locale: registration.locale ?? null,
  };
  const result = await deps.hooks.call('beforeRegister', inputFor(person, { ipAddress, userAgent: null }));
  const caller = systemCaller('mail');
  if (result && 'problem' in result) {
    await recordFailure(deps, caller, 'beforeRegister', result.problem);
    return deps.hooks.continuesAfterFailure('beforeRegister') ? 'send' : 'later';
  }
  if (!result || result.allowed !== null) return 'send';
  await transact<void>(deps, caller, async ({ tx, audit }) => {
    await tx.nativeDelete(Registration, { id });
    audit(policyRefused('beforeRegister', result.reason, { type: 'registration', id }));
  });
  return 'withhold';
}

function inputFor(
  { email, displayName, locale }: Person,
  { ipAddress, userAgent }: Pick<Client, 'ipAddress' | 'userAgent'>,
) {
  return { email, displayName, locale, client: { ipAddress, userAgent } };
}
