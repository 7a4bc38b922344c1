/** Changes what signed-in users say about themselves. */
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../locked-user.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { localeProblems, normaliseLocale } from '../text/locale.ts';
import { transact, type Unit } from '../transaction.ts';

export interface ProfileChanges {
  displayName?: string | null | undefined;
  /** A BCP 47 tag. */
  locale?: string | null | undefined;
}

/**
 * @param changes absent fields keep their value; null and empty text remove it
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT
 */
export async function updateProfile(
  unit: Unit,
  caller: Caller,
  { displayName, locale }: ProfileChanges,
): Promise<Viewer> {
  const viewer = viewerOf(caller);
  const changes = {
    ...(displayName !== undefined && { displayName: normaliseDisplayName(displayName) }),
    ...(locale !== undefined && { locale: normaliseLocale(locale) }),
  };
  const fields = [
    ...displayNameProblems(changes.displayName ?? null, 'input.displayName'),
    ...localeProblems(changes.locale ?? null, 'input.locale'),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return transact(unit, caller, async ({ tx, now, audit }) => {
    const user = await lockViewer(tx, viewer, now);
    Object.assign(user, { ...changes, updatedAt: now });
    audit({
      action: 'user.updated',
      target: { type: 'user', id: user.id },
      details: { fields: Object.keys(changes) },
    });
    return { ...viewer, ...changes };
  });
}
