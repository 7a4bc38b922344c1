/**
 * New passwords for those who have none that works: by a mail's token for the owner of the address, by an invitation's
 * for the owner of a new account.
 */

import { linkSeconds } from '../mail/mail.ts';
import { MailToken, type MailTokenPurpose } from '../persistence/entities/mail-token.ts';
import { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { insertResetToken, spendMailToken } from '../persistence/queries/mail-tokens.ts';
import { postponePasskeys } from '../persistence/queries/passkeys.ts';
import { takeTurns } from '../persistence/queries/take-turns.ts';
import { keyedHash } from '../security/keyed-hash.ts';
import { hashMailToken, mintMailToken } from '../security/mail-tokens.ts';
import { recordAudit } from './audit.ts';
import type { Caller } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';
import { newId } from './ids.ts';
import { nextPasswordProblems, replacePassword } from './new-password.ts';
import { mailWithNotMe } from './not-me.ts';
import { passkeyProbationSeconds } from './passkey-probation.ts';
import { endFamilies } from './sessions.ts';
import { SignInGate } from './sign-in-gate.ts';

const passwordTokens: readonly MailTokenPurpose[] = ['INVITATION', 'PASSWORD_RESET'];

/** Of a user, what a mail to them takes. */
type Reader = Pick<User, 'id' | 'email' | 'locale'>;

export class PasswordResets {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** Mails a token when the address has an account. Neutral. @throws Refusal BAD_USER_INPUT */
  async request(caller: Caller, emailText: string): Promise<void> {
    const { em, clock, keyRing } = this.#deps;
    const email = normaliseEmail(emailText);
    if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail('input.email')] });
    const now = clock.now();
    await em.fork().transactional(async (tx) => {
      const account = { email, status: { $in: ['ACTIVE', 'SUSPENDED'] } } as const;
      // Kept from the unit of work, which would look for changes of it at the end, and the time would tell.
      const user = await tx.findOne(User, account, { fields: ['id', 'email', 'locale'], disableIdentityMap: true });
      const sent = user
        ? await this.mailToken(tx, user, caller.client.ipAddress)
        : await this.#pretend(tx, email, caller.client.ipAddress);
      recordAudit(tx, caller.client, now, {
        action: 'password.reset_requested',
        ...(user && { target: { type: 'user', id: user.id } }),
        details: {
          addressHash: keyedHash(keyRing, email).toString('base64url'),
          result: user === null ? 'no_account' : sent ? 'sent' : 'withheld',
        },
      });
    });
  }

  /**
   * Spends a reset or an invitation. Every session ends and the account's lock is lifted; an invitation also verifies
   * the address. A password that is not good enough does not spend the token.
   * @throws Refusal INVALID_TOKEN, BAD_USER_INPUT, SERVICE_BUSY
   */
  async reset(caller: Caller, token: string, newPassword: string): Promise<void> {
    const { em, clock, hasher } = this.#deps;
    const now = clock.now();
    const tokenHash = hashMailToken(token);
    const live = tokenHash && { tokenHash, purpose: [...passwordTokens], usedAt: null, expiresAt: { $gt: now } };
    const found = live && (await em.fork().findOne(MailToken, live, { populate: ['user'] }));
    if (!found) throw await this.#refuseToken(caller);
    const fields = await nextPasswordProblems(this.#deps, found.user, newPassword, 'input.newPassword');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const passwordHash = await hasher.hash(newPassword);
    const spent = await em.fork().transactional((tx) => this.#spend(tx, caller, tokenHash, passwordHash));
    if (!spent) throw await this.#refuseToken(caller);
  }

  /**
   * Mails the owner a token; the one before stops working.
   * @param ipAddress where it was asked for; null: by somebody whose address is not the owner's business
   * @returns false when the address has had its mails for now, and the token before still works
   */
  async mailToken(tx: EntityManager, { id, email, locale }: Reader, ipAddress: string | null): Promise<boolean> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const { token, tokenHash } = mintMailToken();
    await takeTurns(tx, `password-reset:${id}`);
    const variables = { token, requestedAt: now.toISOString(), ipAddress };
    const mail = { kind: 'password_reset', to: email, locale, variables } as const;
    if (!(await outbox.enqueue(tx, mail, now))) return false;
    await replaceToken(tx, { userId: id, tokenHash, now });
    return true;
  }

  /** What an address without an account costs: as much as one with, so that the time does not tell. */
  async #pretend(tx: EntityManager, email: string, ipAddress: string | null): Promise<boolean> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const { token, tokenHash } = mintMailToken();
    const nobody = newId(now);
    await takeTurns(tx, `password-reset:${nobody}`);
    const variables = { token, requestedAt: now.toISOString(), ipAddress };
    const mail = { kind: 'password_reset', to: email, locale: null, variables } as const;
    if (await outbox.pretend(tx, mail, now)) await replaceToken(tx, { userId: nobody, tokenHash, now });
    return false;
  }

  async #spend(tx: EntityManager, caller: Caller, tokenHash: Buffer, passwordHash: string): Promise<boolean> {
    const now = this.#deps.clock.now();
    const spent = await spendMailToken(tx, { tokenHash, purposes: passwordTokens, now });
    const user = spent && (await tx.findOne(User, { id: spent.userId }, { lockMode: LockMode.PESSIMISTIC_WRITE }));
    if (!user || user.status === 'DELETED') return false;
    const invited = user.status === 'INVITED';
    await replacePassword(tx, user, passwordHash, now);
    user.emailVerifiedAt ??= now;
    if (invited) user.status = 'ACTIVE';
    await tx.nativeDelete(MailToken, { user, purpose: [...passwordTokens], usedAt: null });
    await endFamilies(tx, caller, { user }, 'password_reset', now);
    // An attacker may be the reason for the reset: recent passkeys leave the owner another day to follow the mail about them.
    await postponePasskeys(tx, { userId: user.id, now, until: secondsAfter(now, passkeyProbationSeconds) });
    const wasLocked = await new SignInGate(this.#deps).unlock(tx, user.email);
    const who = { actorId: user.id, target: { type: 'user', id: user.id } } as const;
    recordAudit(tx, caller.client, now, {
      action: 'password.set',
      ...who,
      details: { through: invited ? 'invitation' : 'reset' },
    });
    if (wasLocked)
      recordAudit(tx, caller.client, now, {
        action: 'account.unlocked',
        ...who,
        details: { through: 'password_reset' },
      });
    const change = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await mailWithNotMe(this.#deps, tx, { user, sessionId: null }, (notMe, reader) => {
      return { kind: 'password_changed', ...reader, variables: { token: notMe, ...change } };
    });
    return true;
  }

  async #refuseToken(caller: Caller): Promise<Refusal> {
    const { em, clock } = this.#deps;
    await em.fork().transactional(async (tx) => {
      recordAudit(tx, caller.client, clock.now(), {
        action: 'password.set_refused',
        outcome: 'FAILURE',
        details: { reason: 'unknown_token' },
      });
    });
    return new Refusal('INVALID_TOKEN');
  }
}

async function replaceToken(
  tx: EntityManager,
  { userId, tokenHash, now }: { userId: string; tokenHash: Buffer; now: Date },
): Promise<void> {
  await tx.nativeDelete(MailToken, { user: userId, purpose: 'PASSWORD_RESET' });
  const expiresAt = secondsAfter(now, linkSeconds.password_reset);
  await insertResetToken(tx, { id: newId(now), userId, tokenHash, now, expiresAt });
}
