/**
 * "This was not me": what the owner of an account can take back with the token of a mail, without signing in. It ends
 * the attacker's sessions, evicts what was added since they began (eviction.ts), and mails a token to choose a new
 * password.
 */
import { MailToken } from '../persistence/entities/mail-token.ts';
import { TokenFamily } from '../persistence/entities/token-family.ts';
import { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { claimAddress } from '../persistence/queries/addresses.ts';
import { findAnswer, keepAnswer } from '../persistence/queries/mail-token-answers.ts';
import { type SpentMailToken, spendMailToken } from '../persistence/queries/mail-tokens.ts';
import { hashMailToken } from '../security/mail-tokens.ts';
import { recordAudit } from './audit.ts';
import { earlier } from './auth-session.ts';
import type { Caller } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';
import { setAddress } from './email-changes.ts';
import { Refusal } from './errors.ts';
import { evict, sessionsOfAddedFactors } from './eviction.ts';
import { replacePassword } from './new-password.ts';
import { PasswordResets } from './password-resets.ts';
import { endFamilies } from './sessions.ts';

export class Disownings {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Of a session: ends it. Of a change of address: stops it or takes it back, and ends every session.
   * @returns how many sessions ended
   * @throws Refusal INVALID_TOKEN
   */
  async disown(caller: Caller, token: string): Promise<number> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const tokenHash = hashMailToken(token);
    const ended = await em.fork().transactional(async (tx) => {
      const purposes = ['NOT_ME', 'EMAIL_CHANGE_NOT_ME'] as const;
      const spent = tokenHash && (await spendMailToken(tx, { tokenHash, purposes, now }));
      // The user before the sessions, as signing in does: in another order the two could wait for each other.
      const user = spent && (await tx.findOne(User, { id: spent.userId }, { lockMode: LockMode.PESSIMISTIC_WRITE }));
      const answer = spent ? null : await findAnswer(tx, { tokenHash, purpose: 'disownSession', now });
      if (answer) return answer.count;
      if (!user || user.status === 'DELETED') {
        recordAudit(tx, caller.client, now, {
          action: 'session.disown_refused',
          outcome: 'FAILURE',
          details: { reason: 'unknown_token' },
        });
        return null;
      }
      const count = await this.#recover(tx, caller, user, spent);
      await keepAnswer(tx, { tokenHash, purpose: 'disownSession', userId: user.id, count, now });
      return count;
    });
    if (ended === null) throw new Refusal('INVALID_TOKEN');
    return ended;
  }

  /** @returns how many sessions ended */
  async #recover(tx: EntityManager, caller: Caller, user: User, spent: SpentMailToken): Promise<number> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const family = spent.sessionId === null ? null : await tx.findOne(TokenFamily, { id: spent.sessionId });
    const since = earlier(new Date(spent.createdAt), family?.createdAt ?? now);
    const attackers = await sessionsOfAddedFactors(tx, user, since);
    const isOneSession = spent.purpose === 'NOT_ME' && spent.sessionId !== null;
    const which = isOneSession ? { id: [spent.sessionId, ...attackers] } : { user };
    const sessions = await endFamilies(tx, caller, which, 'disowned', now);
    const knowsPassword = family === null || family.methods.includes('PASSWORD');
    const evicted = await evict(tx, user, { since, knowsPassword, now });
    if (spent.purpose === 'EMAIL_CHANGE_NOT_ME') await this.#takeAddressBack(tx, caller, user, spent);
    recordAudit(tx, caller.client, now, {
      action: 'account.recovered',
      target: { type: 'user', id: user.id },
      sessionId: spent.sessionId,
      details: { since: since.toISOString(), sessions, ...evicted },
    });
    const variables = { ...evicted, recoveredAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await outbox.enqueue(tx, { kind: 'account_recovered', to: user.email, locale: user.locale, variables }, now);
    await new PasswordResets(this.#deps).mailToken(tx, user, caller.client.ipAddress);
    return sessions;
  }

  /** Links that were sent to the attacker's address stop working, and those to take this back in turn. */
  async #takeAddressBack(tx: EntityManager, caller: Caller, user: User, spent: SpentMailToken): Promise<void> {
    const now = this.#deps.clock.now();
    const { email } = spent;
    const later = { $gt: new Date(spent.createdAt) };
    await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE_NOT_ME', createdAt: later });
    if (email === null || email === user.email) return;
    // The address was held for this (persistence/queries/addresses.ts), so it is there to be had.
    if (!(await claimAddress(tx, { userId: user.id, email, now }))) return;
    await tx.nativeDelete(MailToken, { user, purpose: 'PASSWORD_RESET' });
    setAddress(tx, this.#deps, { caller, user, email, through: 'disowned' });
    // Who read mail at the other address could choose the password.
    await replacePassword(tx, user, null, now);
  }
}
