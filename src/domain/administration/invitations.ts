/**
 * Accounts that somebody else makes: an administrator, who has the link mailed, or the operator at the command line.
 * Their owner chooses the password (password-resets.ts).
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { Role } from '../../persistence/access/role.ts';
import { insertUser } from '../../persistence/accounts/registrations.ts';
import { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { type Authority, authorityOf, grantProblem, grantsPower, refusalFor } from '../access/authority.ts';
import { ordinaryRole } from '../access/permissions.ts';
import { type Denial, operatorClient, recordAudit, recordByViewer } from '../audit/record.ts';
import { type Caller, isRecent, type Standing, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { newPasswordProblems } from '../passwords/new-password.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import { lockRole, unknownRole } from './roles.ts';

/** An operator hands the link over by hand, and nobody waits for an invitation: so it lives longer than other links. */
const invitationSeconds = 7 * 24 * 60 * 60;

export type CreatedUser = { id: string; email: string } & ({ token: string; expiresAt: Date } | { token: null });

export interface InvitationRequest {
  email: string;
  displayName?: string | null | undefined;
  role: string;
}

export class Invitations {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Makes a user without a password, and mails them a link to choose one. A role other than USER is granted to them,
   * which takes what granting takes.
   * @returns the user's id
   * @throws Refusal FORBIDDEN, REAUTHENTICATION_REQUIRED for a role above USER without a recent proof, BAD_USER_INPUT,
   *   EMAIL_TAKEN, RATE_LIMITED when the address has had its mails for now
   */
  async invite(caller: Caller, request: InvitationRequest): Promise<string> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const { email, displayName } = checked(request);
    const id = newId(now);
    const problem = await em.fork().transactional(async (tx) => {
      const role = await lockRole(tx, request.role);
      if (!role) return unknownRole(tx);
      const denial = invitationProblem(await authorityOf(tx, caller), role, viewerOf(caller).standing);
      if (denial) {
        const details = { attempted: 'user.created', reason: denial };
        recordByViewer(tx, caller, now, { action: 'administration.refused', outcome: 'DENIED', details });
        return refusalFor(denial);
      }
      const state = { status: 'INVITED', passwordHash: null, emailVerifiedAt: null } as const;
      if (!(await insertUser(tx, { id, email, displayName, role: role.name, now, ...state }))) {
        return new Refusal('EMAIL_TAKEN');
      }
      const details = { role: role.name, through: 'administrator' } as const;
      recordByViewer(tx, caller, now, { action: 'user.created', target: { type: 'user', id }, details });
      // Without its mail the account would be of no use to anybody: then there is none.
      if (!(await this.mail(tx, await tx.findOneOrFail(User, { id })))) throw mailLimit();
      return null;
    });
    if (problem) throw problem;
    return id;
  }

  /**
   * Mails the invited a link; the one before stops working.
   * @returns false when the address has had its mails for now, and the link before still works
   */
  async mail(tx: EntityManager, user: User): Promise<boolean> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const { token, tokenHash } = mintMailToken();
    const variables = { token, expiresAt: secondsAfter(now, invitationSeconds).toISOString() };
    const mail = { kind: 'invitation', to: user.email, locale: user.locale, variables } as const;
    if (!(await outbox.enqueue(tx, mail, now))) return false;
    await tx.nativeDelete(MailToken, { user, purpose: 'INVITATION' });
    persistToken(tx, user, tokenHash, now);
    return true;
  }

  /**
   * Makes a user from the command line: active and verified with a password, else invited with a token to choose one.
   * @throws Refusal BAD_USER_INPUT (fields `email`, `role`, `password`), EMAIL_TAKEN
   */
  async create(request: { email: string; role: string; password: string | null }): Promise<CreatedUser> {
    const { em, clock, hasher } = this.#deps;
    const now = clock.now();
    const email = await this.#checkedForOperator(request);
    const passwordHash = request.password === null ? null : await hasher.hash(request.password);
    const id = newId(now);
    const { token, tokenHash } = mintMailToken();
    const created = await em.fork().transactional(async (tx) => {
      const state = passwordHash
        ? ({ status: 'ACTIVE', emailVerifiedAt: now } as const)
        : ({ status: 'INVITED', emailVerifiedAt: null } as const);
      const user = { id, email, displayName: null, passwordHash, role: request.role, now, ...state };
      if (!(await insertUser(tx, user))) return false;
      if (!passwordHash) persistToken(tx, tx.getReference(User, id), tokenHash, now);
      recordAudit(tx, operatorClient('command-line'), now, {
        action: 'user.created',
        target: { type: 'user', id },
        details: { role: request.role, through: 'command_line' },
      });
      return true;
    });
    if (!created) throw new Refusal('EMAIL_TAKEN');
    return passwordHash
      ? { id, email, token: null }
      : { id, email, token, expiresAt: secondsAfter(now, invitationSeconds) };
  }

  async #checkedForOperator(request: { email: string; role: string; password: string | null }): Promise<string> {
    const { em } = this.#deps;
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
        : await newPasswordProblems(this.#deps, request.password, context, 'password')),
    ];
    if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    return email;
  }
}

/** The address has had its mails for now; when there is room again is nobody's business but the outbox's. */
export function mailLimit(): Refusal {
  return new Refusal('RATE_LIMITED', { retryAfterSeconds: 60 * 60, detail: 'the mails of a kind to one address' });
}

function persistToken(tx: EntityManager, user: User, tokenHash: Buffer, now: Date): void {
  const expiresAt = secondsAfter(now, invitationSeconds);
  const purpose = 'INVITATION';
  tx.persist(tx.create(MailToken, { id: newId(now), user, purpose, tokenHash, createdAt: now, expiresAt }));
}

function invitationProblem(authority: Authority, role: Role, standing: Standing): Denial | null {
  const isOrdinary = role.name === ordinaryRole.name;
  if (!isOrdinary && !authority.permissions.includes('roles:assign')) return 'missing_permission';
  const problem = grantProblem(authority, role);
  if (problem) return problem;
  return isOrdinary || !grantsPower(role) || isRecent(standing) ? null : 'no_recent_proof';
}

/** @throws Refusal BAD_USER_INPUT with every problem */
function checked(request: InvitationRequest): { email: string; displayName: string | null } {
  const email = normaliseEmail(request.email);
  const displayName = normaliseDisplayName(request.displayName);
  const fields = [
    ...(email === null ? [invalidEmail('input.email')] : []),
    ...displayNameProblems(displayName, 'input.displayName'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, displayName };
}
