/**
 * The second step of signing in. The right password of a user with a second factor gives a ticket instead of a session;
 * a ticket opens nothing but this step, for five minutes and five wrong codes. Another ticket is no more guesses: those
 * are counted by account (guesses.ts).
 */

import type { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { type Delivery, MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import type { Guess } from '../attempts/guesses.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { MfaCodes } from '../factors/mfa-codes.ts';
import { type MfaMethod, mfaMethodsOf } from '../factors/second-factors.ts';
import { newId } from '../ids.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import { SessionStarts, type SessionWishes, type SignedIn } from '../sessions/start.ts';
import type { SignInDeps } from './deps.ts';

export type { Delivery };

export interface MfaChallenge {
  ticket: string;
  methods: MfaMethod[];
  expiresAt: Date;
}

export interface MfaAnswer {
  ticket: string;
  method: MfaMethod;
  code: string;
}

const ticketSeconds = 5 * 60;
const maxFailures = 5;

export class MfaSignIns {
  readonly #deps: SignInDeps;
  readonly #codes: MfaCodes;
  readonly #starts: SessionStarts;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    this.#codes = new MfaCodes(deps);
    this.#starts = new SessionStarts(deps);
  }

  /** Under the user's lock, once their password was right. What they asked for with it stays with the ticket. */
  async challenge(
    tx: EntityManager,
    { client }: Caller,
    user: User,
    wishes: SessionWishes & { delivery: Delivery },
  ): Promise<MfaChallenge> {
    const now = this.#deps.clock.now();
    const { token, tokenHash } = mintMailToken();
    const expiresAt = secondsAfter(now, ticketSeconds);
    const methods = await mfaMethodsOf(tx, user.id);
    tx.persist(tx.create(MfaTicket, { id: newId(now), user, tokenHash, ...wishes, createdAt: now, expiresAt }));
    recordAudit(tx, client, now, {
      action: 'mfa.challenged',
      actorId: user.id,
      target: { type: 'user', id: user.id },
      details: { methods },
    });
    return { ticket: token, methods, expiresAt };
  }

  /** @throws Refusal INVALID_MFA_TICKET, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY, BAD_USER_INPUT */
  async verify(caller: Caller, { ticket, method, code }: MfaAnswer): Promise<SignedIn & { delivery: Delivery }> {
    if (method === 'PASSKEY') throw noCodeOfPasskeys();
    return this.complete(caller, ticket, method, (tx, user) => this.#codes.spend(tx, caller, user, method, code));
  }

  /**
   * The ticket, while it is good.
   * @throws Refusal INVALID_MFA_TICKET
   */
  async find(caller: Caller, ticket: string): Promise<MfaTicket> {
    const tokenHash = hashMailToken(ticket);
    const live = tokenHash && { tokenHash, expiresAt: { $gt: this.#deps.clock.now() } };
    const found = live && (await this.#deps.em.fork().findOne(MfaTicket, live));
    if (!found) throw await this.#refuseTicket(caller);
    return found;
  }

  /**
   * The second step, whatever it is taken with.
   * @param judge is asked under the user's lock what it proves, null when it is wrong; what it wrote stays either way
   * @throws Refusal INVALID_MFA_TICKET, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async complete(
    caller: Caller,
    ticket: string,
    method: MfaMethod,
    judge: (tx: EntityManager, user: User, ticket: MfaTicket) => Promise<FactorProof | null>,
  ): Promise<SignedIn & { delivery: Delivery }> {
    const found = await this.find(caller, ticket);
    const userId = found.user.id;
    const guess = await this.#codes.reserve(caller, userId, { method, trustedDevice: found.trustedDevice ?? null });
    let isWrong = false;
    const signedIn = await this.#codes.orGiveBack(guess, () =>
      this.#starts.start(caller, userId, async (tx, user) => {
        const live = { id: found.id, expiresAt: { $gt: this.#deps.clock.now() } };
        const current = await tx.findOne(MfaTicket, live, { lockMode: LockMode.PESSIMISTIC_WRITE });
        if (!current) return null;
        const factor = await judge(tx, user, current);
        isWrong = factor === null;
        if (factor === null) return this.#countWrong(tx, caller, current, guess, method);
        await guess.right(tx);
        tx.remove(current);
        return { ...wishesOf(current), methods: ['PASSWORD'], factor };
      }),
    );
    if (signedIn) return { ...signedIn, delivery: found.delivery };
    if (isWrong) throw new Refusal('INVALID_MFA_CODE');
    await guess.giveBack(this.#deps.em);
    throw await this.#refuseTicket(caller);
  }

  async #countWrong(
    tx: EntityManager,
    caller: Caller,
    ticket: MfaTicket,
    guess: Guess,
    method: MfaMethod,
  ): Promise<null> {
    ticket.failures += 1;
    if (ticket.failures >= maxFailures) tx.remove(ticket);
    const refused = { method, during: 'sign_in', reason: 'wrong_code' } as const;
    await this.#codes.countWrong(tx, caller, guess, ticket.user.id, refused);
    return null;
  }

  async #refuseTicket({ client }: Caller): Promise<Refusal> {
    const { em, clock } = this.#deps;
    await em.fork().transactional(async (tx) => {
      recordAudit(tx, client, clock.now(), {
        action: 'mfa.ticket_refused',
        outcome: 'FAILURE',
        details: { reason: 'unknown_ticket' },
      });
    });
    return new Refusal('INVALID_MFA_TICKET');
  }
}

function wishesOf({ rememberMe, deviceName, trustedDevice }: MfaTicket): SessionWishes {
  return { rememberMe, deviceName: deviceName ?? null, trustedDevice: trustedDevice ?? null };
}

function noCodeOfPasskeys(): Refusal {
  const message = 'A passkey has no code. Send TOTP or BACKUP_CODE, or call beginPasskeyLogin.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.method', code: 'NO_CODE', message }] });
}
