/** Accounts that somebody else makes: the operator at the command line. Their owner chooses the password (password-resets.ts). */

import { MailToken } from '../persistence/entities/mail-token.ts';
import { Role } from '../persistence/entities/role.ts';
import { User } from '../persistence/entities/user.ts';
import { insertUser } from '../persistence/queries/registrations.ts';
import { mintMailToken } from '../security/mail-tokens.ts';
import { operatorClient, recordAudit } from './audit.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { invalidEmail, normaliseEmail } from './email-address.ts';
import { Refusal } from './errors.ts';
import { newId } from './ids.ts';
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
    const id = newId(now);
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
        tx.persist(
          tx.create(MailToken, { id: newId(now), user: owner, purpose, tokenHash, createdAt: now, expiresAt }),
        );
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
