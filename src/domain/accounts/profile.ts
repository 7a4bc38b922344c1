/** What signed-in users change about themselves. */
import { recordAudit } from '../audit/record.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../sessions/viewer-lock.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { localeProblems, normaliseLocale } from '../text/locale.ts';

export class Profiles {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * @param changes what is absent stays; null and empty take the value away
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
   */
  async update(caller: Caller, changes: ProfileChanges): Promise<Viewer> {
    const { em, clock } = this.#deps;
    const viewer = viewerOf(caller);
    const { displayName, locale } = changes;
    const wanted = {
      ...(displayName !== undefined && { displayName: normaliseDisplayName(displayName) }),
      ...(locale !== undefined && { locale: normaliseLocale(locale) }),
    };
    const fields = [
      ...displayNameProblems(wanted.displayName ?? null, 'input.displayName'),
      ...localeProblems(wanted.locale ?? null, 'input.locale'),
    ];
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const now = clock.now();
    await em.fork().transactional(async (tx) => {
      const user = await lockViewer(tx, viewer, now);
      Object.assign(user, { ...wanted, updatedAt: now });
      recordAudit(tx, caller.client, now, {
        action: 'user.updated',
        actorId: viewer.id,
        target: { type: 'user', id: viewer.id },
        sessionId: viewer.session.id,
        details: { fields: Object.keys(wanted) },
      });
    });
    return { ...viewer, ...wanted };
  }
}

export interface ProfileChanges {
  displayName?: string | null | undefined;
  /** A BCP 47 tag. */
  locale?: string | null | undefined;
}
