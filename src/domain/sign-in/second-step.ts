/**
 * The tickets of the second step. The first proof of a user with a second factor gives a ticket instead of a session.
 * A ticket is valid for this step only, for five minutes and five wrong codes. Further tickets give no further attempts:
 * those are counted by account (attempts/proof-attempts.ts).
 */
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import { MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { noActor } from '../audit/record.ts';
import type { Caller, RiskAssessment } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { findFactorPhone } from '../factors/phone-factor.ts';
import { type MfaMethod, mfaMethodsOf } from '../factors/second-factors.ts';
import { sealIdentity } from '../identities/sealed.ts';
import { newId } from '../ids.ts';
import type { LockedUser } from '../locked-user.ts';
import { placeOf } from '../place.ts';
import { riskDetails } from '../risk/details.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, SignInProof } from './proof.ts';

export interface MfaChallenge {
  ticket: string;
  methods: MfaMethod[];
  expiresAt: Date;
}

const ticketSeconds = 5 * 60;

/**
 * @param isDemanded whatever the user has set up: without a factor, a code in their mail is the second step, unless it was
 *   the first
 */
export function needsSecondStep(
  { hasSecondFactor }: Pick<SignInUser, 'hasSecondFactor'>,
  { methods, factor, secondFactorTrusted = false }: SignInProof,
  { isDemanded = false }: { isDemanded?: boolean } = {},
): boolean {
  if (factor !== null || secondFactorTrusted) return false;
  return hasSecondFactor || (isDemanded && !methods.includes('EMAIL_CODE'));
}

/** The ticket keeps what the first step proved, and what the caller asked for with it. */
export async function issueTicket(
  unit: SignInDeps,
  { tx, now, audit }: Transaction,
  { client }: Caller,
  user: LockedUser,
  { claim: { options, delivery }, proven, risk }: { claim: Claim; proven: SignInProof; risk: RiskAssessment | null },
): Promise<MfaChallenge> {
  const { token, tokenHash } = mintMailToken();
  const expiresAt = secondsAfter(now, ticketSeconds);
  const methods: MfaMethod[] = user.mfaEnabledAt == null ? ['EMAIL_CODE'] : await mfaMethodsOf(tx, user.id);
  if (await findFactorPhone(unit, tx, user)) methods.push('SMS_CODE');
  const id = newId(now);
  const { identity } = proven;
  const identitySealed = identity ? sealIdentity(unit, identity, id) : null;
  const first = { methods: proven.methods, identitySealed, ...options, delivery, risk };
  tx.persist(tx.create(MfaTicket, { id, user, tokenHash, ...first, createdAt: now, expiresAt }));
  audit({
    action: 'mfa.challenged',
    actorId: user.id,
    sessionId: null,
    target: { type: 'user', id: user.id },
    details: { methods, ...riskDetails(risk, placeOf(unit.locate, client)) },
  });
  return { ticket: token, methods, expiresAt };
}

/** @throws Refusal INVALID_MFA_TICKET */
export async function findTicket(unit: Unit, caller: Caller, ticket: string): Promise<MfaTicket> {
  const tokenHash = hashMailToken(ticket);
  const live = tokenHash && { tokenHash, expiresAt: { $gt: unit.clock.now() } };
  const found = live && (await unit.em.fork().findOne(MfaTicket, live));
  return found ?? refuseTicket(unit, caller);
}

/** @throws Refusal INVALID_MFA_TICKET */
export function refuseTicket(unit: Unit, caller: Caller): Promise<never> {
  return transact<never>(unit, caller, async ({ audit }) => {
    const details = { reason: 'unknown_ticket' } as const;
    audit({ action: 'mfa.ticket_refused', outcome: 'FAILURE', ...noActor, details });
    return new Refusal('INVALID_MFA_TICKET');
  });
}
