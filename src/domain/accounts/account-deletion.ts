/** Leaving: users delete their own account. What that means is user-deletion.ts. */

import { refusalFor } from '../access/authority.ts';
import { recordByViewer } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { lockViewer } from '../sessions/viewer-lock.ts';
import { Reauthentications } from '../sign-in/reauthentication.ts';
import { type Deletion, isLastSuperAdmin, softDelete } from './user-deletion.ts';

export class AccountDeletions {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, CONFLICT for the last SUPER_ADMIN */
  async delete(caller: Caller, password: string): Promise<Deletion> {
    const viewer = viewerOf(caller);
    await new Reauthentications(this.#deps).assertPassword(caller, password, 'input.password');
    const now = this.#deps.clock.now();
    const deletion = await this.#deps.em.fork().transactional(async (tx) => {
      const isLast = await isLastSuperAdmin(tx, viewer.id);
      const user = await lockViewer(tx, viewer, now);
      if (!isLast) return softDelete(tx, this.#deps, user, { caller });
      recordByViewer(tx, caller, now, {
        action: 'administration.refused',
        outcome: 'DENIED',
        target: { type: 'user', id: user.id },
        details: { attempted: 'user.deleted', reason: 'last_super_admin' },
      });
      return null;
    });
    if (!deletion) throw refusalFor('last_super_admin');
    return deletion;
  }
}
