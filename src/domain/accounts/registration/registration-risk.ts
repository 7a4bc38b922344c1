/**
 * Assesses a registration and, with RISK=act, acts on it. The assessment knows the source and the address, and no account:
 * the answer is the same whether the address has one.
 */
import { keyedHash } from '../../../security/keys/keyed-hash.ts';
import { assertCaptcha } from '../../attempts/captcha.ts';
import { failsAtManyAccounts } from '../../attempts/source-attempts.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller, RiskAssessment } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { placeOf } from '../../place.ts';
import { assessRegistration } from '../../risk/assess.ts';
import { riskDetails } from '../../risk/details.ts';
import { transact } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';

/** What the audit entry of a registration says about its risk. */
export type RegistrationRisk = ReturnType<typeof riskDetails>;

/**
 * @param isRepeatable whether the client can repeat the call with a captcha
 * @throws Refusal FORBIDDEN, CAPTCHA_REQUIRED, SERVICE_BUSY
 */
export async function judgeRegistration(
  deps: AccountDeps,
  caller: Caller,
  { email, isRepeatable }: { email: string; isRepeatable: boolean },
): Promise<RegistrationRisk> {
  const { mode } = deps.settings.risk;
  const risk =
    mode === 'off'
      ? null
      : await assessRegistration(deps, caller, {
          email,
          role: 'USER',
          failsAtManyAccounts: await failsAtManyAccounts(deps, caller.client.ipAddress),
          possible: { captcha: deps.settings.captcha !== null && isRepeatable },
        });
  const details = riskDetails(risk, placeOf(deps.locate, caller.client));
  if (mode === 'act' && risk) await act(deps, caller, email, risk, details);
  return details;
}

async function act(
  deps: AccountDeps,
  caller: Caller,
  email: string,
  { action }: RiskAssessment,
  details: RegistrationRisk,
): Promise<void> {
  if (action === 'CAPTCHA') await assertCaptcha(deps, caller, 'REGISTER');
  if (action !== 'REFUSE') return;
  const addressHash = keyedHash(deps.keyRing, email).toString('base64url');
  await transact<never>(deps, caller, async ({ audit }) => {
    const refused = { addressHash, result: 'refused', ...details } as const;
    audit({ action: 'registration.requested', outcome: 'DENIED', ...noActor, details: refused });
    return new Refusal('FORBIDDEN', { reason: 'LOCATION_NOT_ALLOWED' });
  });
}
