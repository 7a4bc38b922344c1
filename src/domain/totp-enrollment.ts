/**
 * Setting up an authenticator app, and taking it away. An enrolment is an offer first: nothing changes until a code shows
 * that the app has the secret, so nobody locks themself out with a QR code that they never scanned.
 */

import { TokenFamily } from '../persistence/entities/token-family.ts';
import { TotpSecret } from '../persistence/entities/totp-secret.ts';
import { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { drawQrCode, newTotpSecret, otpauthUri } from '../security/totp.ts';
import { recordAudit } from './audit.ts';
import { issueBackupCodes } from './backup-codes.ts';
import { type Caller, type Viewer, viewerOf } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { displayNameProblems, normaliseDisplayName } from './display-name.ts';
import { Refusal } from './errors.ts';
import { MfaCodes } from './mfa-codes.ts';
import { settleSecondFactors } from './second-factors.ts';

export interface TotpOffer {
  /** Base32. */
  secret: string;
  otpauthUri: string;
  /** A PNG as data URI. */
  qrCode: string;
  expiresAt: Date;
}

const offerSeconds = 10 * 60;

export class TotpEnrollments {
  readonly #deps: DomainDependencies;
  readonly #codes: MfaCodes;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
    this.#codes = new MfaCodes(deps);
  }

  /**
   * Offers a secret; the offer before is void.
   * @param accountName what the app shall call the account; null: its address
   * @throws Refusal UNAUTHENTICATED, MFA_ALREADY_ENABLED, BAD_USER_INPUT
   */
  async begin(caller: Caller, accountName: string | null): Promise<TotpOffer> {
    const { em, clock, settings } = this.#deps;
    const viewer = viewerOf(caller);
    const name = normaliseDisplayName(accountName);
    const fields = displayNameProblems(name, 'input.accountName');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const now = clock.now();
    const secret = newTotpSecret();
    const expiresAt = secondsAfter(now, offerSeconds);
    const uri = otpauthUri(secret, { issuer: settings.productName, account: name ?? viewer.email });
    const offer = { secret, otpauthUri: uri, qrCode: await drawQrCode(uri), expiresAt };
    const offered = await em.fork().transactional(async (tx) => {
      const user = await lockUser(tx, viewer);
      if (await tx.count(TotpSecret, { user: user.id, confirmedAt: { $ne: null } })) return false;
      await this.#replaceOffer(tx, user, offer);
      recordAudit(tx, caller.client, now, {
        action: 'mfa.enrollment_begun',
        ...byThemself(viewer),
        details: { method: 'TOTP' },
      });
      return true;
    });
    if (!offered) throw new Refusal('MFA_ALREADY_ENABLED');
    return offer;
  }

  /**
   * Takes the offer up with a code, which is spent with it. Lifts the session to AAL2.
   * @returns the backup codes, for the only time
   * @throws Refusal UNAUTHENTICATED, MFA_ALREADY_ENABLED, MFA_NOT_ENABLED when nothing is offered, INVALID_MFA_CODE,
   *   TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async confirm(caller: Caller, code: string): Promise<string[]> {
    const { em, clock } = this.#deps;
    const viewer = viewerOf(caller);
    const offer = await em.fork().findOne(TotpSecret, { user: viewer.id });
    if (offer?.confirmedAt) throw new Refusal('MFA_ALREADY_ENABLED');
    if (!offer?.expiresAt || offer.expiresAt <= clock.now()) throw new Refusal('MFA_NOT_ENABLED');
    const confirmed = await this.#codes.guess(caller, viewer, 'TOTP', async (tx, user) => {
      const current = await tx.findOne(TotpSecret, { user: user.id });
      // Somebody else's request has taken it up while this one waited for the lock.
      if (!current || current.confirmedAt) return { value: null };
      if (!(await this.#codes.spendStep(tx, current, code))) return null;
      return { value: await this.#enable(tx, caller, user, current) };
    });
    if (confirmed === null) throw new Refusal('MFA_ALREADY_ENABLED');
    return confirmed;
  }

  /**
   * @param code of the app, or a backup code for those who have lost it
   * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async disable(caller: Caller, code: string): Promise<void> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    await this.#codes.spendOfViewer(caller, { code, needs: 'TOTP' }, async (tx, user) => {
      await tx.nativeDelete(TotpSecret, { user: user.id });
      await settleSecondFactors(tx, user, now);
      const details = { method: 'TOTP' } as const;
      recordAudit(tx, caller.client, now, { action: 'mfa.disabled', ...byThemself(viewerOf(caller)), details });
      const variables = { ...details, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
      await outbox.enqueue(tx, { kind: 'mfa_disabled', to: user.email, locale: user.locale, variables }, now);
    });
  }

  async #replaceOffer(tx: EntityManager, user: User, { secret, expiresAt }: TotpOffer): Promise<void> {
    const { sealer, clock } = this.#deps;
    await tx.nativeDelete(TotpSecret, { user: user.id });
    const secretSealed = sealer.seal(Buffer.from(secret), user.id);
    tx.persist(tx.create(TotpSecret, { user, secretSealed, createdAt: clock.now(), expiresAt }));
  }

  async #enable(tx: EntityManager, caller: Caller, user: User, totp: TotpSecret): Promise<string[]> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    const viewer = viewerOf(caller);
    Object.assign(totp, { confirmedAt: now, expiresAt: null });
    await settleSecondFactors(tx, user, now);
    const codes = await issueBackupCodes(this.#deps, tx, user);
    await liftSession(tx, viewer);
    const details = { method: 'TOTP' } as const;
    recordAudit(tx, caller.client, now, { action: 'mfa.enabled', ...byThemself(viewer), details });
    const variables = { ...details, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await outbox.enqueue(tx, { kind: 'mfa_enabled', to: user.email, locale: user.locale, variables }, now);
    return codes;
  }
}

async function lockUser(tx: EntityManager, viewer: Viewer): Promise<User> {
  const user = await tx.findOne(User, { id: viewer.id, status: 'ACTIVE' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!user) throw new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
  return user;
}

/** The session has now seen two factors. After the user's lock, as everybody does who takes both. */
async function liftSession(tx: EntityManager, viewer: Viewer): Promise<void> {
  const id = viewer.session.id;
  const family = await tx.findOneOrFail(TokenFamily, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  family.assurance = 'AAL2';
  family.methods = [...new Set([...family.methods, 'TOTP' as const])];
}

function byThemself(viewer: Viewer) {
  return {
    actorId: viewer.id,
    target: { type: 'user', id: viewer.id },
    sessionId: viewer.session.id,
  } as const;
}
