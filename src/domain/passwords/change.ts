/** Changing one's password while signed in. New ones for those who cannot sign in are password-resets.ts. */
import { randomUUID } from 'node:crypto';
import { MailToken } from '../../persistence/access/mail-token.ts';
import { User } from '../../persistence/accounts/user.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { recordByViewer } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { endFamilies } from '../sessions/sessions.ts';
import { lockViewer } from '../sessions/viewer-lock.ts';
import { Reauthentications } from '../sign-in/reauthentication.ts';
import { nextPasswordProblems, replacePassword } from './new-password.ts';

export interface ChangedPassword {
  /** How many sessions ended. */
  revokedCount: number;
  deviceToken: string;
}

export class Passwords {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * Other sessions end, and so do the links to reset the password. Known devices are forgotten, except the caller's.
   * @returns how many sessions ended, and a new device token
   * @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, BAD_USER_INPUT, CONFLICT, SERVICE_BUSY
   */
  async change(caller: Caller, currentPassword: string, newPassword: string): Promise<ChangedPassword> {
    const { em, clock, hasher, deviceTokens } = this.#deps;
    const viewer = viewerOf(caller);
    // Read before the proof: so the password that was proven is the one that must still be there at the end.
    const before = await em.fork().findOneOrFail(User, { id: viewer.id });
    await new Reauthentications(this.#deps).assertPassword(caller, currentPassword, 'input.currentPassword');
    const fields = await nextPasswordProblems(this.#deps, before, newPassword, 'input.newPassword');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const passwordHash = await hasher.hash(newPassword);
    const now = clock.now();
    const ended = await em.fork().transactional(async (tx) => {
      const user = await lockViewer(tx, viewer, now);
      // Another change was faster: the password that was proven is no longer the one to replace.
      if (user.passwordHash !== before.passwordHash) return null;
      await replacePassword(tx, user, passwordHash, now);
      await tx.nativeDelete(MailToken, { user, purpose: 'PASSWORD_RESET' });
      recordByViewer(tx, caller, now, {
        action: 'password.set',
        target: { type: 'user', id: user.id },
        details: { through: 'change' },
      });
      const change = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
      const sessionId = viewer.session.id;
      await mailWithNotMe(this.#deps, tx, { user, sessionId }, (token, reader) => {
        return { kind: 'password_changed', ...reader, variables: { token, ...change } };
      });
      const family = await tx.findOneOrFail(TokenFamily, { id: sessionId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      family.deviceId ??= randomUUID();
      const deviceToken = deviceTokens.mint(user.id, now, family.deviceId);
      const revokedCount = await endFamilies(tx, caller, { user, id: { $ne: sessionId } }, 'password_changed', now);
      return { revokedCount, deviceToken };
    });
    if (ended === null) throw new Refusal('CONFLICT', { detail: 'changed meanwhile' });
    return ended;
  }
}
