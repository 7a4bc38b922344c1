/**
 * Turns an address into an account. With verification required, a registration is pending until the token of its mail
 * is spent: only a reader of the mailbox gets the address, and the answer is the same for a taken and a free one.
 */

import { linkSeconds } from '../../mail/mail.ts';
import { MailToken } from '../../persistence/access/mail-token.ts';
import { findAnswer, keepAnswer } from '../../persistence/access/mail-token-answers.ts';
import { type AddressOwner, addressTurn, ownerOf } from '../../persistence/accounts/addresses.ts';
import { Registration } from '../../persistence/accounts/registration.ts';
import {
  contestRegistrations,
  deleteRegistrations,
  insertUser,
  spendRegistration,
} from '../../persistence/accounts/registrations.ts';
import { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { takeTurns } from '../../persistence/take-turns.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { newPasswordProblems } from '../passwords/new-password.ts';
import { sourceOf } from '../source.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import { localeProblems, normaliseLocale } from '../text/locale.ts';
import { deletedAccountMail } from './deleted-account-mail.ts';
import { remailRegistration } from './registration-mail.ts';

export interface RegistrationRequest {
  email: string;
  password: string;
  displayName?: string | null | undefined;
  /** The language of mails, a BCP 47 tag. */
  locale?: string | null | undefined;
}

export type RegistrationStatus = 'VERIFICATION_SENT' | 'ACTIVE';

const pendingSeconds = linkSeconds.verify_email;
/** Live registrations of one address from one network, and from all. Past the limit the oldest of the busiest network is removed. */
const maxPendingOfSource = 3;
const maxPending = 12;

export class Registrations {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @throws Refusal BAD_USER_INPUT, SERVICE_BUSY; EMAIL_TAKEN only where verification is off */
  async register(caller: Caller, request: RegistrationRequest): Promise<RegistrationStatus> {
    const { password, ...person } = await this.#checked(request);
    const emails = [person.email, this.#shadowOf(person.email)];
    const earlier = await this.#deps.em.fork().findOne(Registration, { email: { $in: emails } });
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
      // Serialises two links of one address: each would lock what the other deletes.
      const named = await tx.findOne(Registration, { tokenHash });
      if (named) await takeTurns(tx, addressTurn(named.email));
      const registration = await spendRegistration(tx, tokenHash, now);
      const userId = newId(now);
      const created =
        registration &&
        (await insertUser(tx, {
          ...registration,
          ...(registration.contested && { passwordHash: null, displayName: null }),
          id: userId,
          emailVerifiedAt: now,
          role: 'USER',
          status: 'ACTIVE',
          now,
        }));
      if (!registration && (await findAnswer(tx, { tokenHash, purpose: 'verifyEmail', now }))) return null;
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
      await keepAnswer(tx, { tokenHash, purpose: 'verifyEmail', userId, now });
      if (registration.contested) await this.#mailChoice(tx, userId, registration, now);
      const target = { type: 'user', id: userId } as const;
      recordAudit(tx, caller.client, now, {
        action: 'registration.confirmed',
        actorId: userId,
        target,
        details: { registrationId: registration.id, contested: registration.contested },
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

  /**
   * With a password: renews the registration with that password. Without one: sends the mail of the oldest again and
   * renews none, because the requester may own none of them. Neutral.
   * @throws Refusal BAD_USER_INPUT, SERVICE_BUSY
   */
  async resendVerificationEmail(caller: Caller, emailText: string, password: string | null = null): Promise<void> {
    const { em, clock, hasher } = this.#deps;
    const now = clock.now();
    const email = this.#checkedEmail(emailText);
    const { ipAddress } = caller.client;
    const live = { email, expiresAt: { $gt: now } };
    const oldestFirst = { createdAt: 'asc', id: 'asc' } as const;
    const candidates = await em.fork().find(Registration, live, { orderBy: oldestFirst });
    const hashes = candidates.map(({ passwordHash }) => passwordHash);
    const wanted = candidates[password === null ? 0 : await hasher.verify(hashes, password)];
    await em.transactional(async (tx) => {
      await takeTurns(tx, addressTurn(email));
      const one = { ...live, id: wanted?.id ?? newId(now) };
      const pending = await tx.findOne(Registration, one, { disableIdentityMap: true });
      const again = { email, pending, renew: password !== null, ipAddress };
      const result = await remailRegistration(this.#deps, tx, again, now);
      const details = { addressHash: this.#hashOf(email), result };
      recordAudit(tx, caller.client, now, { action: 'registration.mail_requested', details });
    });
  }

  /** Mails the link to choose a password: the click must not confirm a password that a stranger chose. */
  async #mailChoice(
    tx: EntityManager,
    userId: string,
    { email, locale }: { email: string; locale: string | null },
    now: Date,
  ): Promise<void> {
    const { token, tokenHash } = mintMailToken();
    const expiresAt = secondsAfter(now, linkSeconds.choose_password);
    const variables = { token, expiresAt: expiresAt.toISOString() };
    await this.#deps.outbox.enqueue(tx, { kind: 'choose_password', to: email, locale, variables }, now);
    const user = tx.getReference(User, userId);
    const purpose = 'PASSWORD_RESET';
    tx.persist(tx.create(MailToken, { id: newId(now), user, purpose, tokenHash, createdAt: now, expiresAt }));
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
    const { em, clock, addressQueue } = this.#deps;
    const now = clock.now();
    const turn = addressTurn(applicant.email);
    const create = async (tx: EntityManager) => {
      await takeTurns(tx, turn);
      const result = await this.#answerByMail(tx, caller, applicant, now);
      const details = { addressHash: this.#hashOf(applicant.email), result };
      recordAudit(tx, caller.client, now, { action: 'registration.requested', details });
    };
    await addressQueue.run(turn, () => em.transactional(create));
    return 'VERIFICATION_SENT';
  }

  /**
   * Executes the same statements for a taken and a free address: the registrations of a taken address are stored under
   * its shadow, which no mail and no account can have.
   * A different password makes every live registration of the address contested.
   */
  async #answerByMail(
    tx: EntityManager,
    caller: Caller,
    applicant: Applicant,
    now: Date,
  ): Promise<'pending' | 'address_taken' | 'withheld'> {
    const { outbox, sealer, keyRing } = this.#deps;
    const to = applicant.email;
    const { ipAddress } = caller.client;
    const source = sourceOf(ipAddress);
    const sourceHash = keyedHash(keyRing, 'registration', source);
    const id = newId(now);
    const { token, tokenHash } = mintMailToken();
    const expiresAt = secondsAfter(now, pendingSeconds);
    const owner = await ownerOf(tx, to, now);
    const email = owner ? this.#shadowOf(to) : to;
    const { passwordHash } = applicant;
    const live = await tx.find(
      Registration,
      { email, expiresAt: { $gt: now } },
      { orderBy: { createdAt: 'desc', id: 'desc' }, disableIdentityMap: true },
    );
    const contested = live.some((one) => one.passwordHash !== passwordHash);
    await contestRegistrations(tx, { email, passwordHash, now });
    const requested = { requestedAt: now.toISOString(), ipAddress };
    const mail = owner
      ? this.#mailToOwner(owner, to, requested)
      : ({
          kind: 'verify_email',
          to,
          locale: applicant.locale,
          variables: { token, ...requested, expiresAt: expiresAt.toISOString() },
        } as const);
    const sent = await outbox.enqueue(tx, mail, now, { type: 'registration', source });
    const own = live.filter((one) => one.sourceHash && sourceHash.equals(one.sourceHash));
    if (!sent && own.length >= maxPendingOfSource) return owner ? 'address_taken' : 'withheld';
    await deleteRegistrations(tx, surplusOf(live, own));
    const tokenSealed = sealer.seal(Buffer.from(token), id);
    const kept = { ...applicant, email, ipAddress, sourceHash, tokenHash, tokenSealed, contested };
    tx.persist(tx.create(Registration, { id, ...kept, createdAt: now, expiresAt }));
    return owner ? 'address_taken' : 'pending';
  }

  #mailToOwner(owner: AddressOwner, to: string, requested: { requestedAt: string; ipAddress: string | null }) {
    const { locale, deletedAt } = owner;
    if (deletedAt === null) return { kind: 'already_registered', to, locale, variables: requested } as const;
    return deletedAccountMail(this.#deps, { to, locale, deletedAt, requested });
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

  #shadowOf(email: string): string {
    return `${keyedHash(this.#deps.keyRing, 'shadow', email).toString('base64url')}@taken.invalid`;
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

/** @param live newest first @param own those of the requesting network @returns the ids to delete before one is added */
function surplusOf(live: readonly Registration[], own: readonly Registration[]): string[] {
  if (own.length >= maxPendingOfSource) return own.slice(maxPendingOfSource - 1).map(({ id }) => id);
  if (live.length < maxPending) return [];
  const bySource = [
    ...Map.groupBy(live, ({ sourceHash }) => sourceHash && Buffer.from(sourceHash).toString('hex')).values(),
  ];
  const largest = bySource.reduce((most, some) => (some.length > most.length ? some : most));
  return largest.slice(-1).map(({ id }) => id);
}
