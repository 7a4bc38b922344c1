/** Setting a password without the present one: with the token of a mail, after a request or an invitation. */

import { linkSeconds, type Mail } from '../../mail/mail.ts';
import { MailToken, type MailTokenPurpose } from '../../persistence/access/mail-token.ts';
import { insertResetToken, spendMailToken } from '../../persistence/access/mail-tokens.ts';
import { addressTurn } from '../../persistence/accounts/addresses.ts';
import { Registration } from '../../persistence/accounts/registration.ts';
import { renewToken } from '../../persistence/accounts/registrations.ts';
import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { postponePasskeys } from '../../persistence/factors/passkeys.ts';
import { takeTurns } from '../../persistence/take-turns.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { unlockSignIn } from '../attempts/sign-in-locks.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { passkeyProbationSeconds } from '../factors/passkey-probation.ts';
import { newId } from '../ids.ts';
import { nextPasswordProblems, replacePassword } from '../passwords/new-password.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import { sourceOf } from '../source.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import { deletedAccountMail } from './deleted-account-mail.ts';
import { repeatMail } from './registration-mail.ts';

const passwordTokens: readonly MailTokenPurpose[] = ['INVITATION', 'PASSWORD_RESET'];

/** Of a user, what a mail to them takes. */
type Reader = Pick<User, 'id' | 'email' | 'locale'>;

type Account = Reader & Pick<User, 'status' | 'deletedAt'>;

interface Asked {
  email: string;
  user: Account | null;
  pending: Registration | null;
  ipAddress: string | null;
}

export class PasswordResets {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Mails what the owner of the address needs: a token to choose a password, the confirmation of a pending registration
   * again, or the time until which the account is deleted. Neutral.
   * @throws Refusal BAD_USER_INPUT
   */
  async request(caller: Caller, emailText: string): Promise<void> {
    const { em, clock, keyRing } = this.#deps;
    const email = normaliseEmail(emailText);
    if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail('input.email')] });
    const now = clock.now();
    await em.fork().transactional(async (tx) => {
      const account = { email, status: { $in: ['ACTIVE', 'SUSPENDED', 'DELETED'] } } as const;
      // Outside the identity map: comparing a loaded user at the flush would make known addresses slower.
      const user = await tx.findOne(User, account, {
        fields: ['id', 'email', 'locale', 'status', 'deletedAt'],
        disableIdentityMap: true,
      });
      await takeTurns(tx, addressTurn(email));
      const live = { email, expiresAt: { $gt: now } };
      const oldestFirst = { createdAt: 'asc', id: 'asc' } as const;
      const pending = await tx.findOne(Registration, live, { orderBy: oldestFirst, disableIdentityMap: true });
      const sent = await this.#mailWhatIsNeeded(tx, { email, user, pending, ipAddress: caller.client.ipAddress });
      recordAudit(tx, caller.client, now, {
        action: 'password.reset_requested',
        ...(user && { target: { type: 'user', id: user.id } }),
        details: {
          addressHash: keyedHash(keyRing, email).toString('base64url'),
          result: sent ? 'sent' : user === null && pending === null ? 'no_account' : 'withheld',
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
   * Mails the owner a token and replaces the earlier token.
   * @param ipAddress of the request, for the mail; null: the mail names none
   * @returns false when the mail is withheld; the earlier token still works
   */
  async mailToken(tx: EntityManager, { id, email, locale }: Reader, ipAddress: string | null): Promise<boolean> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const { token, tokenHash } = mintMailToken();
    await takeTurns(tx, `password-reset:${id}`);
    const variables = { token, requestedAt: now.toISOString(), ipAddress };
    if (!(await outbox.enqueue(tx, { kind: 'password_reset', to: email, locale, variables }, now))) return false;
    await replaceToken(tx, { userId: id, tokenHash, now });
    return true;
  }

  /**
   * Executes the same statements in every case: without an account that can sign in or a registration whose token
   * changes, they name an unused id. @returns whether a mail is sent
   */
  async #mailWhatIsNeeded(tx: EntityManager, asked: Asked): Promise<boolean> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const { email, user, pending, ipAddress } = asked;
    const { token, tokenHash } = mintMailToken();
    const userId = user && user.status !== 'DELETED' ? user.id : newId(now);
    await takeTurns(tx, `password-reset:${userId}`);
    const repeated = repeatMail(this.#deps, { email, pending: user ? null : pending, renew: false }, now);
    const mail = user ? this.#mailToUser(user, token, ipAddress) : repeated.mail;
    const counted = { type: 'password_reset', source: sourceOf(ipAddress) } as const;
    const isAccepted = mail
      ? await outbox.enqueue(tx, mail, now, counted)
      : await outbox.pretend(tx, { kind: 'password_reset', to: email }, now, counted);
    if (!isAccepted) return false;
    await replaceToken(tx, { userId, tokenHash, now });
    await renewToken(tx, repeated.renewed);
    return mail !== null;
  }

  #mailToUser({ email: to, locale = null, deletedAt }: Account, token: string, ipAddress: string | null): Mail {
    const requested = { requestedAt: this.#deps.clock.now().toISOString(), ipAddress };
    if (deletedAt) return deletedAccountMail(this.#deps, { to, locale, deletedAt, requested });
    return { kind: 'password_reset', to, locale, variables: { token, ...requested } };
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
    await revokeSessions(tx, caller, { user }, 'password_reset', now);
    // An attacker may be the reason for the reset: recent passkeys leave the owner another day to follow the mail about them.
    await postponePasskeys(tx, { userId: user.id, now, until: secondsAfter(now, passkeyProbationSeconds) });
    const wasLocked = await unlockSignIn(this.#deps, tx, user.email);
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
