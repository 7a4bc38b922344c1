/**
 * "This was not me": what the owner of an account can take back with the token of a mail, without signing in. It ends
 * the attacker's sessions, evicts what was added since they began (eviction.ts), and mails a token to choose a new
 * password.
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { findAnswer, keepAnswer } from '../../persistence/access/mail-token-answers.ts';
import { type SpentMailToken, spendMailToken } from '../../persistence/access/mail-tokens.ts';
import { claimAddress } from '../../persistence/accounts/addresses.ts';
import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { hashMailToken } from '../../security/tokens/mail-tokens.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import { setAddress } from './email-changes.ts';
import { type Evicted, evict, sessionsOfAddedFactors, traceIntrusion } from './eviction.ts';
import { PasswordResets } from './password-resets.ts';

export class Disownings {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Of a session: ends it. Of a change of address: stops it or takes it back, and ends every session. A session whose
   * mail went to an address that the account had before also takes that address back.
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
    const now = this.#deps.clock.now();
    const { purpose, sessionId } = spent;
    const report = { sessionId, createdAt: new Date(spent.createdAt) };
    const address = await addressOf(tx, user, spent);
    const isMoved = address !== user.email;
    const { since, knowsPassword } = await traceIntrusion(tx, user, report, now);
    const isOneSession = purpose === 'NOT_ME' && sessionId !== null && !isMoved;
    const attackers = isOneSession ? { id: [sessionId, ...(await sessionsOfAddedFactors(tx, user, since))] } : {};
    const sessions = await revokeSessions(tx, caller, { user, ...attackers }, 'disowned', now);
    // The reader of the other address could choose the password.
    const intrusion = { since, knowsPassword: knowsPassword || isMoved, now };
    const evicted = await evict(tx, this.#deps, user, intrusion);
    await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE_NOT_ME', createdAt: { $gt: report.createdAt } });
    const isOwners = !isMoved || (await this.#takeAddressBack(tx, caller, user, address, report.createdAt));
    recordAudit(tx, caller.client, now, {
      action: 'account.recovered',
      target: { type: 'user', id: user.id },
      sessionId,
      details: { since: since.toISOString(), sessions, ...evicted },
    });
    if (isOwners) await this.#mailOwner(tx, caller, user, evicted);
    return sessions;
  }

  async #mailOwner(tx: EntityManager, { client }: Caller, user: User, evicted: Evicted): Promise<void> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const variables = { ...evicted, recoveredAt: now.toISOString(), ipAddress: client.ipAddress };
    await outbox.enqueue(tx, { kind: 'account_recovered', to: user.email, locale: user.locale, variables }, now);
    await new PasswordResets(this.#deps).mailToken(tx, user, client.ipAddress);
  }

  /**
   * Links that were sent to the attacker's address stop working, and those to take this back in turn.
   * @returns false when the address belongs to another account: the account keeps the attacker's, which gets no mail
   */
  async #takeAddressBack(
    tx: EntityManager,
    caller: Caller,
    user: User,
    email: string,
    reportedAt: Date,
  ): Promise<boolean> {
    const now = this.#deps.clock.now();
    await tx.nativeDelete(MailToken, { user, purpose: 'PASSWORD_RESET' });
    await tx.nativeDelete(MailToken, { user, purpose: 'NOT_ME', createdAt: { $gt: reportedAt } });
    if (!(await claimAddress(tx, { userId: user.id, email, now }))) return false;
    setAddress(tx, this.#deps, { caller, user, email, through: 'disowned' });
    return true;
  }
}

/**
 * The address that the mail with the token was sent to: the reader of it is the owner. Each change of address, and each
 * request of one, keeps the address before it for as long as such tokens work.
 */
async function addressOf(tx: EntityManager, user: User, { email, createdAt }: SpentMailToken): Promise<string> {
  if (email !== null) return email;
  // At the same millisecond, the older address is the safe one.
  const since = { $gte: new Date(createdAt) };
  const later = { user: user.id, purpose: 'EMAIL_CHANGE_NOT_ME', createdAt: since } as const;
  const next = await tx.findOne(MailToken, later, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return next?.email ?? user.email;
}
