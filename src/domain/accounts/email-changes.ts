/**
 * Changing the address of an account. A mail to the new address confirms the change; mails to the old address report it,
 * and their links restore the old address for a week (disowning.ts).
 */
import { linkSeconds } from '../../mail/mail.ts';
import { MailToken } from '../../persistence/access/mail-token.ts';
import { findAnswer, keepAnswer } from '../../persistence/access/mail-token-answers.ts';
import { spendMailToken } from '../../persistence/access/mail-tokens.ts';
import { claimAddress, ownerOf } from '../../persistence/accounts/addresses.ts';
import { Registration } from '../../persistence/accounts/registration.ts';
import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { keepMailToken } from '../access/mail-tokens.ts';
import { notMeSeconds } from '../access/not-me.ts';
import { type AuditDetails, recordAudit, recordByViewer } from '../audit/record.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../locked-user.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';

type RefusalReason = AuditDetails['email.change_refused']['reason'];

export class EmailChanges {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Mails a token to the new address and a warning to the old one. Neutral: whether the new address is somebody's is
   * told by nothing that its asker can see, neither here nor in their mail, their events or their export.
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
   */
  async request(caller: Caller, newEmailText: string): Promise<void> {
    const { em, clock, keyRing } = this.#deps;
    const viewer = viewerOf(caller);
    const newEmail = checked(newEmailText, viewer);
    const now = clock.now();
    await em.fork().transactional(async (tx) => {
      const user = await lockViewer(tx, viewer, now);
      const accepted = await this.#mailNewAddress(tx, caller, user, newEmail);
      if (accepted) await this.#warnOldAddress(tx, caller, user, newEmail);
      recordByViewer(tx, caller, now, {
        action: 'email.change_requested',
        target: { type: 'user', id: user.id },
        details: {
          addressHash: keyedHash(keyRing, newEmail).toString('base64url'),
          result: accepted ? 'accepted' : 'withheld',
        },
      });
    });
  }

  /**
   * @returns the viewer with their new address; null when the caller has no session of the account
   * @throws Refusal INVALID_TOKEN, also when another account has taken the address, or a registration of it is pending
   *   and the caller has no session of the account
   */
  async confirm(caller: Caller, token: string): Promise<Viewer | null> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const tokenHash = hashMailToken(token);
    const changed = await em.fork().transactional(async (tx) => {
      const spent = tokenHash && (await spendMailToken(tx, { tokenHash, purposes: ['EMAIL_CHANGE'], now }));
      const user = spent && (await tx.findOne(User, { id: spent.userId }, { lockMode: LockMode.PESSIMISTIC_WRITE }));
      if (!user || spent.email === null) {
        const answer = await findAnswer(tx, { tokenHash, purpose: 'confirmEmailChange', now });
        const changedBefore = answer && (await tx.findOne(User, { id: answer.userId }));
        if (changedBefore) return { userId: changedBefore.id, email: changedBefore.email };
        return this.#refuse(tx, caller, 'unknown_token');
      }
      if (user.status !== 'ACTIVE') return this.#refuse(tx, caller, 'user_inactive', user);
      const { email } = spent;
      if (!(await claimAddress(tx, { userId: user.id, email, now })))
        return this.#refuse(tx, caller, 'address_taken', user);
      if (caller.viewer?.id !== user.id && (await isBeingRegistered(tx, email, now))) {
        // The reader may have registered the address and never asked for this change: the link stays valid for the account.
        await tx.nativeUpdate(MailToken, { tokenHash }, { usedAt: null });
        return this.#refuse(tx, caller, 'registration_pending', user);
      }
      await this.#change(tx, caller, user, { email, sessionId: spent.sessionId });
      await keepAnswer(tx, { tokenHash, purpose: 'confirmEmailChange', userId: user.id, now });
      return { userId: user.id, email };
    });
    if (!changed) throw new Refusal('INVALID_TOKEN');
    const { viewer } = caller;
    return viewer?.id === changed.userId ? { ...viewer, email: changed.email, emailVerified: true } : null;
  }

  /**
   * The token before stops working, unless the address has had its mails for now. An address that is somebody's gets
   * no mail, and its token is one that nobody will ever learn; all else is the same.
   */
  async #mailNewAddress(tx: EntityManager, caller: Caller, user: User, email: string): Promise<boolean> {
    const { client } = caller;
    const { id: sessionId } = viewerOf(caller).session;
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const owner = await ownerOf(tx, email, now);
    const isFree = owner === null || owner.userId === user.id;
    const { token, tokenHash } = mintMailToken();
    const variables = { token, requestedAt: now.toISOString(), ipAddress: client.ipAddress };
    const mail = { kind: 'email_change_confirm', to: email, locale: user.locale, variables } as const;
    if (!(await (isFree ? outbox.enqueue(tx, mail, now) : outbox.pretend(tx, mail, now)))) return false;
    await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE' });
    const lifeSeconds = linkSeconds.email_change_confirm;
    keepMailToken(tx, user, { purpose: 'EMAIL_CHANGE', email, sessionId, tokenHash, lifeSeconds }, now);
    return true;
  }

  async #warnOldAddress(tx: EntityManager, caller: Caller, user: User, newEmail: string): Promise<void> {
    const { client } = caller;
    const { id: sessionId } = viewerOf(caller).session;
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const token = mintNotMe(tx, user, sessionId, now);
    const variables = { token, newEmail, requestedAt: now.toISOString(), ipAddress: client.ipAddress };
    await outbox.enqueue(tx, { kind: 'email_change_requested', to: user.email, locale: user.locale, variables }, now);
  }

  /** What was sent to the old address stops working: links to reset the password, and other changes. */
  async #change(
    tx: EntityManager,
    caller: Caller,
    user: User,
    { email: newEmail, sessionId }: { email: string; sessionId: string | null },
  ): Promise<void> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const token = mintNotMe(tx, user, sessionId, now);
    const variables = { token, newEmail, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await outbox.enqueue(tx, { kind: 'email_changed', to: user.email, locale: user.locale, variables }, now);
    await tx.nativeDelete(MailToken, { user, purpose: ['PASSWORD_RESET', 'EMAIL_CHANGE'], usedAt: null });
    await tx.nativeDelete(Registration, { email: newEmail });
    setAddress(tx, this.#deps, { caller, user, email: newEmail, through: 'confirmation' });
  }

  #refuse(tx: EntityManager, { client }: Caller, reason: RefusalReason, user?: User): null {
    recordAudit(tx, client, this.#deps.clock.now(), {
      action: 'email.change_refused',
      outcome: 'FAILURE',
      ...(user && { target: { type: 'user', id: user.id } }),
      details: { reason },
    });
    return null;
  }
}

async function isBeingRegistered(tx: EntityManager, email: string, now: Date): Promise<boolean> {
  return (await tx.count(Registration, { email, expiresAt: { $gt: now } })) > 0;
}

/** Under the user's lock, and with the address claimed. */
export function setAddress(
  tx: EntityManager,
  { clock, keyRing }: DomainDependencies,
  change: { caller: Caller; user: User; email: string; through: AuditDetails['email.changed']['through'] },
): void {
  const { caller, user, email, through } = change;
  const now = clock.now();
  const formerAddressHash = keyedHash(keyRing, user.email).toString('base64url');
  Object.assign(user, { email, emailVerifiedAt: now, updatedAt: now });
  recordAudit(tx, caller.client, now, {
    action: 'email.changed',
    actorId: user.id,
    target: { type: 'user', id: user.id },
    sessionId: caller.viewer?.id === user.id ? caller.viewer.session.id : null,
    details: { through, formerAddressHash },
  });
}

function checked(text: string, viewer: Viewer): string {
  const path = 'input.newEmail';
  const email = normaliseEmail(text);
  if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail(path)] });
  if (email !== viewer.email) return email;
  throw new Refusal('BAD_USER_INPUT', {
    fields: [{ path, code: 'UNCHANGED', message: 'This is already your address. Enter another one.' }],
  });
}

/** A token that goes back to the present address. @param sessionId the session that requested the change */
function mintNotMe(tx: EntityManager, user: User, sessionId: string | null, now: Date): string {
  const { token, tokenHash } = mintMailToken();
  const { email } = user;
  const kept = { purpose: 'EMAIL_CHANGE_NOT_ME', email, sessionId, tokenHash, lifeSeconds: notMeSeconds } as const;
  keepMailToken(tx, user, kept, now);
  return token;
}
