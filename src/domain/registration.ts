/**
 * How an address becomes an account. With verification required, a registration is pending until the token in its mail
 * is spent: nobody can hold an address they do not read, and every answer is the same whether the address is taken or not.
 */

import { linkSeconds } from '../mail/mail.ts';
import { Registration } from '../persistence/entities/registration.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { addressTurn, ownerOf } from '../persistence/queries/addresses.ts';
import { insertUser, spendRegistration } from '../persistence/queries/registrations.ts';
import { takeTurns } from '../persistence/queries/take-turns.ts';
import { keyedHash } from '../security/keyed-hash.ts';
import { hashMailToken, mintMailToken } from '../security/mail-tokens.ts';
import { recordAudit } from './audit.ts';
import type { Caller } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { displayNameProblems, normaliseDisplayName } from './display-name.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';
import { newId } from './ids.ts';
import { localeProblems, normaliseLocale } from './locale.ts';
import { newPasswordProblems } from './new-password.ts';

export interface RegistrationRequest {
  email: string;
  password: string;
  displayName?: string | null | undefined;
  /** The language of mails, a BCP 47 tag. */
  locale?: string | null | undefined;
}

export type RegistrationStatus = 'VERIFICATION_SENT' | 'ACTIVE';

const pendingSeconds = linkSeconds.verify_email;
/** So many strangers may register one address at once before the oldest attempt gives way. */
const maxPending = 3;

export class Registrations {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @throws Refusal BAD_USER_INPUT, SERVICE_BUSY; EMAIL_TAKEN only where verification is off */
  async register(caller: Caller, request: RegistrationRequest): Promise<RegistrationStatus> {
    const { password, ...person } = await this.#checked(request);
    const earlier = await this.#deps.em.fork().findOne(Registration, { email: person.email });
    // Registrations of one address share a salt, so that signing in compares with all of them at the cost of one hash.
    const passwordHash = await this.#deps.hasher.hash(password, earlier?.passwordHash);
    const applicant = { ...person, passwordHash };
    return this.#deps.settings.emailVerification === 'off'
      ? this.#createAtOnce(caller, applicant)
      : this.#createPending(caller, applicant);
  }

  /** @throws Refusal INVALID_TOKEN */
  async verifyEmail(caller: Caller, token: string): Promise<void> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const tokenHash = hashMailToken(token);
    if (!tokenHash) throw new Refusal('INVALID_TOKEN', { detail: 'malformed' });
    const problem = await em.transactional(async (tx) => {
      // Two links of one address followed at once take turns, or each would wait for what the other holds.
      const named = await tx.findOne(Registration, { tokenHash });
      if (named) await takeTurns(tx, addressTurn(named.email));
      const registration = await spendRegistration(tx, tokenHash, now);
      const userId = newId(now);
      const created =
        registration &&
        (await insertUser(tx, {
          ...registration,
          id: userId,
          emailVerifiedAt: now,
          role: 'USER',
          status: 'ACTIVE',
          now,
        }));
      if (!registration || !created) {
        const reason = registration ? 'address_taken' : 'unknown_token';
        recordAudit(tx, caller.client, now, {
          action: 'registration.confirmation_refused',
          outcome: 'FAILURE',
          details: { reason },
        });
        return reason;
      }
      await tx.nativeDelete(Registration, { email: registration.email });
      const target = { type: 'user', id: userId } as const;
      recordAudit(tx, caller.client, now, {
        action: 'registration.confirmed',
        actorId: userId,
        target,
        details: { registrationId: registration.id },
      });
      recordAudit(tx, caller.client, now, {
        action: 'user.created',
        actorId: userId,
        target,
        details: { role: 'USER', through: 'registration' },
      });
      return null;
    });
    if (problem) throw new Refusal('INVALID_TOKEN', { detail: problem });
  }

  /** Sends the newest pending registration of the address a new token; the one before stops working. Neutral. */
  async resendVerificationEmail(caller: Caller, emailText: string): Promise<void> {
    const { em, clock, outbox } = this.#deps;
    const now = clock.now();
    const email = this.#checkedEmail(emailText);
    await em.transactional(async (tx) => {
      await takeTurns(tx, addressTurn(email));
      const pending = await tx.findOne(
        Registration,
        { email, expiresAt: { $gt: now } },
        { orderBy: { createdAt: 'desc' } },
      );
      const { token, tokenHash } = mintMailToken();
      const variables = { token, ...origin(caller, now) };
      const mail = { kind: 'verify_email', to: email, locale: pending?.locale, variables } as const;
      const sent = pending !== null && (await outbox.enqueue(tx, mail, now));
      if (pending === null) await outbox.pretend(tx, { kind: 'verify_email', to: email }, now);
      // Without a mail the old link stays good: else anybody could press "resend" until every link is dead.
      if (sent) Object.assign(pending, { tokenHash, expiresAt: secondsAfter(now, pendingSeconds) });
      recordAudit(tx, caller.client, now, {
        action: 'registration.mail_requested',
        details: { addressHash: this.#hashOf(email), result: sent ? 'sent' : pending ? 'withheld' : 'nothing_pending' },
      });
    });
  }

  #checkedEmail(text: string): string {
    const email = normaliseEmail(text);
    if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail('input.email')] });
    return email;
  }

  /** Reports every problem of every field at once. */
  async #checked({ password, ...request }: RegistrationRequest) {
    const email = normaliseEmail(request.email);
    const displayName = normaliseDisplayName(request.displayName);
    const locale = normaliseLocale(request.locale);
    const context = { email: email ?? '', displayName };
    const fields = [
      ...(email === null ? [invalidEmail('input.email')] : []),
      ...(await newPasswordProblems(this.#deps, password, context, 'input.password')),
      ...displayNameProblems(displayName, 'input.displayName'),
      ...localeProblems(locale, 'input.locale'),
    ];
    if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    return { email, displayName, locale, password };
  }

  async #createPending(caller: Caller, applicant: Applicant): Promise<RegistrationStatus> {
    const { em, clock, turns } = this.#deps;
    const now = clock.now();
    const turn = addressTurn(applicant.email);
    const create = async (tx: EntityManager) => {
      await takeTurns(tx, turn);
      const result = await this.#answerByMail(tx, caller, applicant, now);
      const details = { addressHash: this.#hashOf(applicant.email), result };
      recordAudit(tx, caller.client, now, { action: 'registration.requested', details });
    };
    await turns.take(turn, () => em.transactional(create));
    return 'VERIFICATION_SENT';
  }

  /** Only what reached its mail is kept: a registration that nobody can confirm must not push out one that somebody can. */
  async #answerByMail(
    tx: EntityManager,
    caller: Caller,
    applicant: Applicant,
    now: Date,
  ): Promise<'pending' | 'address_taken' | 'withheld'> {
    const { outbox } = this.#deps;
    const to = applicant.email;
    const owner = await ownerOf(tx, to, now);
    if (owner) {
      const variables = origin(caller, now);
      await outbox.enqueue(tx, { kind: 'already_registered', to, locale: owner.locale, variables }, now);
      return 'address_taken';
    }
    const { token, tokenHash } = mintMailToken();
    const variables = { token, ...origin(caller, now) };
    if (!(await outbox.enqueue(tx, { kind: 'verify_email', to, locale: applicant.locale, variables }, now)))
      return 'withheld';
    await makeRoom(tx, to, now);
    const id = newId(now);
    const expiresAt = secondsAfter(now, pendingSeconds);
    tx.persist(tx.create(Registration, { id, ...applicant, tokenHash, createdAt: now, expiresAt }));
    return 'pending';
  }

  async #createAtOnce(caller: Caller, applicant: Applicant): Promise<RegistrationStatus> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const id = newId(now);
    const created = await em.transactional(async (tx) => {
      const user = { ...applicant, id, emailVerifiedAt: null, role: 'USER', status: 'ACTIVE', now } as const;
      const inserted = await insertUser(tx, user);
      const result = inserted ? 'created' : 'address_taken';
      recordAudit(tx, caller.client, now, {
        action: 'registration.requested',
        outcome: inserted ? 'SUCCESS' : 'FAILURE',
        actorId: inserted ? id : null,
        details: { addressHash: this.#hashOf(applicant.email), result },
      });
      if (inserted) {
        recordAudit(tx, caller.client, now, {
          action: 'user.created',
          actorId: id,
          target: { type: 'user', id },
          details: { role: 'USER', through: 'registration' },
        });
      }
      return inserted;
    });
    if (!created) throw new Refusal('EMAIL_TAKEN');
    return 'ACTIVE';
  }

  #hashOf(email: string): string {
    return keyedHash(this.#deps.keyRing, email).toString('base64url');
  }
}

interface Applicant {
  email: string;
  displayName: string | null;
  locale: string | null;
  passwordHash: string;
}

/** Drops what has expired, and the oldest attempts when there are as many as may be. */
async function makeRoom(tx: EntityManager, email: string, now: Date): Promise<void> {
  const pending = await tx.find(Registration, { email }, { orderBy: { createdAt: 'desc', id: 'desc' } });
  for (const [index, registration] of pending.entries()) {
    if (registration.expiresAt <= now || index >= maxPending - 1) tx.remove(registration);
  }
}

/** Tells the reader of a mail which request it answers. */
function origin(caller: Caller, now: Date) {
  return { requestedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
}
