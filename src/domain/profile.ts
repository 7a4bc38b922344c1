/** What signed-in users change about themselves. */
import { User } from '../persistence/entities/user.ts';
import { recordAudit } from './audit.ts';
import { type Caller, type Viewer, viewerOf } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';
import { displayNameProblems, normaliseDisplayName } from './display-name.ts';
import { Refusal } from './errors.ts';

export class Profiles {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * @param displayName null or empty takes the name away
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
   */
  async update(caller: Caller, displayName: string | null): Promise<Viewer> {
    const { em, clock } = this.#deps;
    const viewer = viewerOf(caller);
    const name = normaliseDisplayName(displayName);
    const fields = displayNameProblems(name, 'input.displayName');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const now = clock.now();
    await em.transactional(async (tx) => {
      const user = await tx.findOneOrFail(User, { id: viewer.id });
      user.displayName = name;
      user.updatedAt = now;
      recordAudit(tx, caller.client, now, {
        action: 'user.updated',
        actorId: viewer.id,
        target: { type: 'user', id: viewer.id },
        sessionId: viewer.session.id,
        details: { fields: ['displayName'] },
      });
    });
    return { ...viewer, displayName: name };
  }
}
