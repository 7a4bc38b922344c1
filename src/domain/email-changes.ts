/**
 * Changing the address of an account: confirmed by who reads mail at the new one, told to who reads mail at the old one,
 * who can take it back for a week.
 */
import { linkSeconds } from '../mail/mail.ts';
import { MailToken } from '../persistence/entities/mail-token.ts';
import { Registration } from '../persistence/entities/registration.ts';
import { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { claimAddress, ownerOf } from '../persistence/queries/addresses.ts';
import { spendMailToken } from '../persistence/queries/mail-tokens.ts';
import { takeTurns } from '../persistence/queries/take-turns.ts';
import { keyedHash } from '../security/keyed-hash.ts';
import { hashMailToken, mintMailToken } from '../security/mail-tokens.ts';
import { recordAudit } from './audit.ts';
import { type Caller, type Viewer, viewerOf } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';
import { newId } from './ids.ts';

const notMeSeconds = 7 * 24 * 60 * 60;

export class EmailChanges {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Mails a token to the new address and a warning to the old one. Neutral: whether the new address is somebody's is
   * not told.
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
   */
  async request(caller: Caller, newEmailText: string): Promise<void> {
    const { em, clock, keyRing } = this.#deps;
    const viewer = viewerOf(caller);
    const newEmail = this.#checked(newEmailText, viewer);
    const now = clock.now();
    await em.fork().transactional(async (tx) => {
      await takeTurns(tx, `email-change:${viewer.id}`);
      const user = await tx.findOneOrFail(User, { id: viewer.id });
      const owner = await ownerOf(tx, newEmail, now);
      const isFree = owner === null || owner.userId === user.id;
      const sent = await this.#mailNewAddress(tx, caller, user, newEmail, isFree);
      if (sent) await this.#warnOldAddress(tx, caller, user, newEmail);
      recordAudit(tx, caller.client, now, {
        action: 'email.change_requested',
        actorId: user.id,
        target: { type: 'user', id: user.id },
        sessionId: viewer.session.id,
        details: {
          addressHash: keyedHash(keyRing, newEmail).toString('base64url'),
          result: !isFree ? 'address_taken' : sent ? 'sent' : 'withheld',
        },
      });
    });
  }

  /**
   * @returns the viewer with their new address, or null when somebody else (or nobody) is signed in where the link was
   *   followed
   * @throws Refusal INVALID_TOKEN, also when the address has become somebody's meanwhile
   */
  async confirm(caller: Caller, token: string): Promise<Viewer | null> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const tokenHash = hashMailToken(token);
    const changed = await em.fork().transactional(async (tx) => {
      const spent = tokenHash && (await spendMailToken(tx, { tokenHash, purposes: ['EMAIL_CHANGE'], now }));
      const user = spent && (await tx.findOne(User, { id: spent.userId }, { lockMode: LockMode.PESSIMISTIC_WRITE }));
      const email = spent ? spent.email : null;
      const isHeld = user && email !== null && (await claimAddress(tx, { userId: user.id, email, now }));
      if (!isHeld || user.status !== 'ACTIVE') {
        recordAudit(tx, caller.client, now, {
          action: 'email.change_refused',
          outcome: 'FAILURE',
          ...(user && { target: { type: 'user', id: user.id } }),
          details: { reason: user ? 'address_taken' : 'unknown_token' },
        });
        return null;
      }
      await this.#change(tx, caller, user, email);
      return { userId: user.id, email };
    });
    if (!changed) throw new Refusal('INVALID_TOKEN');
    const { viewer } = caller;
    return viewer?.id === changed.userId ? { ...viewer, email: changed.email, emailVerified: true } : null;
  }

  #checked(text: string, viewer: Viewer): string {
    const path = 'input.newEmail';
    const email = normaliseEmail(text);
    if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail(path)] });
    if (email !== viewer.email) return email;
    throw new Refusal('BAD_USER_INPUT', {
      fields: [{ path, code: 'UNCHANGED', message: 'This is your address already.' }],
    });
  }

  /** The token before stops working, unless the address has had its mails for now. */
  async #mailNewAddress(tx: EntityManager, caller: Caller, user: User, email: string, isFree: boolean) {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const { token, tokenHash } = mintMailToken();
    const variables = { token, requestedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    const mail = { kind: 'email_change_confirm', to: email, locale: user.locale, variables } as const;
    if (!isFree) {
      await outbox.pretend(tx, mail, now);
      return true;
    }
    if (!(await outbox.enqueue(tx, mail, now))) return false;
    await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE' });
    const expiresAt = secondsAfter(now, linkSeconds.email_change_confirm);
    const id = newId(now);
    tx.persist(
      tx.create(MailToken, { id, user, purpose: 'EMAIL_CHANGE', email, tokenHash, createdAt: now, expiresAt }),
    );
    return true;
  }

  async #warnOldAddress(tx: EntityManager, { client }: Caller, user: User, newEmail: string): Promise<void> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const token = mintNotMe(tx, user, now);
    const variables = { token, newEmail, requestedAt: now.toISOString(), ipAddress: client.ipAddress };
    await outbox.enqueue(tx, { kind: 'email_change_requested', to: user.email, locale: user.locale, variables }, now);
  }

  /** What was sent to the old address stops working: links to reset the password, and other changes. */
  async #change(tx: EntityManager, caller: Caller, user: User, newEmail: string): Promise<void> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const token = mintNotMe(tx, user, now);
    const variables = { token, newEmail, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await outbox.enqueue(tx, { kind: 'email_changed', to: user.email, locale: user.locale, variables }, now);
    await tx.nativeDelete(MailToken, { user, purpose: ['PASSWORD_RESET', 'EMAIL_CHANGE'], usedAt: null });
    await tx.nativeDelete(Registration, { email: newEmail });
    Object.assign(user, { email: newEmail, emailVerifiedAt: now, updatedAt: now });
    recordAudit(tx, caller.client, now, {
      action: 'email.changed',
      actorId: user.id,
      target: { type: 'user', id: user.id },
      sessionId: caller.viewer?.id === user.id ? caller.viewer.session.id : null,
      details: { through: 'confirmation' },
    });
  }
}

/** A token that goes back to the address the user has now. */
function mintNotMe(tx: EntityManager, user: User, now: Date): string {
  const { token, tokenHash } = mintMailToken();
  const purpose = 'EMAIL_CHANGE_NOT_ME';
  const expiresAt = secondsAfter(now, notMeSeconds);
  const { email } = user;
  tx.persist(tx.create(MailToken, { id: newId(now), user, purpose, email, tokenHash, createdAt: now, expiresAt }));
  return token;
}
