/** Accounts that somebody else makes: the operator at the command line. Their owner chooses the password. */
import { v7 as uuidv7 } from 'uuid';
import { MailToken } from '../persistence/entities/mail-token.ts';
import { Role } from '../persistence/entities/role.ts';
import { User } from '../persistence/entities/user.ts';
import { spendMailToken } from '../persistence/queries/mail-tokens.ts';
import { insertUser } from '../persistence/queries/registrations.ts';
import { hashMailToken, mintMailToken } from '../security/mail-tokens.ts';
import { operatorClient, recordAudit } from './audit.ts';
import type { Caller } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';
import { passwordProblems } from './password-policy.ts';

/** An operator hands the link over by hand, so it lives longer than a mail's. */
const invitationSeconds = 7 * 24 * 60 * 60;

export type CreatedUser = { id: string; email: string } & ({ token: string; expiresAt: Date } | { token: null });

export class Invitations {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Makes a user from the command line: active and verified with a password, else invited with a token to choose one.
   * @throws Refusal BAD_USER_INPUT (fields `email`, `role`, `password`), EMAIL_TAKEN
   */
  async create(request: { email: string; role: string; password: string | null }): Promise<CreatedUser> {
    const { em, clock, hasher } = this.#deps;
    const now = clock.now();
    const email = await this.#checked(request);
    const passwordHash = request.password === null ? null : await hasher.hash(request.password);
    const id = uuidv7({ msecs: now.getTime() });
    const { token, tokenHash } = mintMailToken();
    const expiresAt = secondsAfter(now, invitationSeconds);
    const created = await em.fork().transactional(async (tx) => {
      const state = passwordHash
        ? ({ status: 'ACTIVE', emailVerifiedAt: now } as const)
        : ({ status: 'INVITED', emailVerifiedAt: null } as const);
      const user = { id, email, displayName: null, passwordHash, role: request.role, now, ...state };
      if (!(await insertUser(tx, user))) return false;
      if (!passwordHash) {
        const owner = tx.getReference(User, id);
        const purpose = 'INVITATION';
        tx.persist(tx.create(MailToken, { id: uuidv7(), user: owner, purpose, tokenHash, createdAt: now, expiresAt }));
      }
      recordAudit(tx, operatorClient('command-line'), now, {
        action: 'user.created',
        target: { type: 'user', id },
        details: { role: request.role, through: 'command_line' },
      });
      return true;
    });
    if (!created) throw new Refusal('EMAIL_TAKEN');
    return passwordHash ? { id, email, token: null } : { id, email, token, expiresAt };
  }

  /**
   * Spends an invitation: its owner chooses a password, and has shown to read the address. A password that is not
   * good enough does not spend it.
   * @throws Refusal INVALID_TOKEN, BAD_USER_INPUT, SERVICE_BUSY
   */
  async accept(caller: Caller, token: string, newPassword: string): Promise<void> {
    const { em, clock, hasher, settings, outbox } = this.#deps;
    const now = clock.now();
    const tokenHash = hashMailToken(token);
    const live = tokenHash && { tokenHash, usedAt: null, expiresAt: { $gt: now } };
    const invitation = live && (await em.findOne(MailToken, live, { populate: ['user'] }));
    if (!invitation) throw await this.#refuseToken(caller, now);
    const { email, displayName } = invitation.user;
    const context = { email, displayName: displayName ?? null };
    const fields = passwordProblems(settings.passwordPolicy, newPassword, context, 'input.newPassword');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const passwordHash = await hasher.hash(newPassword);
    const spent = await em.fork().transactional(async (tx) => {
      const userId = await spendMailToken(tx, { tokenHash, purposes: ['INVITATION'], now });
      const user = userId && (await tx.findOne(User, { id: userId, status: 'INVITED' }));
      if (!user) return false;
      Object.assign(user, { passwordHash, status: 'ACTIVE', emailVerifiedAt: now, updatedAt: now });
      recordAudit(tx, caller.client, now, {
        action: 'password.set',
        actorId: user.id,
        target: { type: 'user', id: user.id },
        details: { through: 'invitation' },
      });
      const variables = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
      await outbox.enqueue(tx, { kind: 'password_changed', to: user.email, variables }, now);
      return true;
    });
    if (!spent) throw await this.#refuseToken(caller, now);
  }

  async #refuseToken(caller: Caller, now: Date): Promise<Refusal> {
    await this.#deps.em.fork().transactional(async (tx) => {
      recordAudit(tx, caller.client, now, {
        action: 'password.set_refused',
        outcome: 'FAILURE',
        details: { reason: 'unknown_token' },
      });
    });
    return new Refusal('INVALID_TOKEN');
  }

  async #checked(request: { email: string; role: string; password: string | null }): Promise<string> {
    const { em, settings } = this.#deps;
    const email = normaliseEmail(request.email);
    const roles = (await em.findAll(Role, { orderBy: { rank: 'desc' } })).map(({ name }) => name);
    const context = { email: email ?? '', displayName: null };
    const fields = [
      ...(email === null ? [invalidEmail('email')] : []),
      ...(roles.includes(request.role)
        ? []
        : [{ path: 'role', code: 'UNKNOWN_ROLE', message: `Choose one of ${roles.join(', ')}.` }]),
      ...(request.password === null
        ? []
        : passwordProblems(settings.passwordPolicy, request.password, context, 'password')),
    ];
    if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    return email;
  }
}
