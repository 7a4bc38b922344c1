/** Proves the second step: a ticket, and a second factor of its user or a code in their mail. */
import { LockMode } from '../../persistence/entity-manager.ts';
import { MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import type { Caller } from '../caller.ts';
import { refuseCode, reserveCodeAttempt } from '../factors/code-attempts.ts';
import type { MfaMethod } from '../factors/second-factors.ts';
import { unsealIdentity } from '../identities/sealed.ts';
import type { LockedUser } from '../locked-user.ts';
import type { SessionProof } from '../sessions/start.ts';
import type { Transaction } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Proof } from './proof.ts';
import { refuseTicket } from './second-step.ts';

const maxFailures = 5;

/** A second factor, or methods that are none. */
export type SecondStepProof = Pick<SessionProof, 'methods' | 'factor'>;

/** @param judge returns what the answer proves, null for a wrong answer; what it wrote is kept */
export function ticketProof(
  unit: SignInDeps,
  caller: Caller,
  ticket: MfaTicket,
  method: MfaMethod,
  judge: (transaction: Transaction, user: LockedUser) => Promise<SecondStepProof | null>,
): Proof<'unknown_ticket'> {
  const { rememberMe, delivery } = ticket;
  const trustedDevice = ticket.trustedDevice ?? null;
  const options = { rememberMe, deviceName: ticket.deviceName ?? null, trustedDevice };
  return {
    reserve: () => reserveCodeAttempt(unit, caller, ticket.user.id, { method, trustedDevice }),
    prove: async () => ({ userId: ticket.user.id, options, delivery, judged: { risk: ticket.risk ?? null } }),
    async spend(transaction, user, _claim, attempt) {
      const { tx, now } = transaction;
      const live = { id: ticket.id, expiresAt: { $gt: now } };
      const current = await tx.findOne(MfaTicket, live, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!current) return { rejected: 'unknown_ticket' };
      const second = await judge(transaction, user);
      if (!second) {
        countFailure(transaction, current);
        return refuseCode(transaction, attempt, user.id, { method, during: 'sign_in' });
      }
      await attempt.succeed(tx);
      tx.remove(current);
      const { methods, identitySealed } = current;
      const identity = identitySealed && unsealIdentity(unit, identitySealed, current.id);
      return { methods: [...methods, ...second.methods], factor: second.factor, ...(identity && { identity }) };
    },
    async reject(_reason, attempt) {
      await attempt.release(unit.em);
      return refuseTicket(unit, caller);
    },
  };
}

function countFailure({ tx }: Transaction, ticket: MfaTicket): void {
  ticket.failures += 1;
  if (ticket.failures >= maxFailures) tx.remove(ticket);
}
