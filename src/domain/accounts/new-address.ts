/** What is wrong with an address that a user enters for an account. */
import { isDisposable } from '../../security/disposable-mail.ts';
import type { FieldProblem } from '../errors.ts';
import type { DomainSettings } from '../settings.ts';
import { invalidEmail } from '../text/email-address.ts';

/** @param email normalised; null: it is no address. An answer says nothing about any account */
export async function newAddressProblems(
  { settings }: { settings: Pick<DomainSettings, 'disposableMail'> },
  email: string | null,
  path: string,
): Promise<FieldProblem[]> {
  if (email === null) return [invalidEmail(path)];
  if (settings.disposableMail !== 'refuse' || !(await isDisposable(email))) return [];
  const message = 'This address belongs to a service for temporary mailboxes. Enter another one.';
  return [{ path, code: 'DISPOSABLE_ADDRESS', message }];
}
