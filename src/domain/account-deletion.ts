/** Leaving: users delete their own account. What that means is user-deletion.ts. */
import { User } from '../persistence/entities/user.ts';
import { LockMode } from '../persistence/entity-manager.ts';
import { type Caller, viewerOf } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';
import { Refusal } from './errors.ts';
import { Reauthentications } from './reauthentication.ts';
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
    const deletion = await this.#deps.em.fork().transactional(async (tx) => {
      if (await isLastSuperAdmin(tx, viewer.id)) return 'last' as const;
      const active = { id: viewer.id, status: 'ACTIVE' } as const;
      const user = await tx.findOne(User, active, { lockMode: LockMode.PESSIMISTIC_WRITE });
      return user && softDelete(tx, this.#deps, user, { caller });
    });
    if (deletion === 'last') throw new Refusal('CONFLICT', { detail: 'the last SUPER_ADMIN' });
    if (!deletion) throw new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
    return deletion;
  }
}
