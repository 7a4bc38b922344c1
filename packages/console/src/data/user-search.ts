/** The filter of a search field: text with an `@` is the beginning of an address, other text is words of a name. */
import type { UserFilter } from '../generated/operations.ts';

export function userSearch(text: string): Pick<UserFilter, 'email' | 'name'> {
  const wanted = text.trim();
  if (wanted === '') return {};
  return wanted.includes('@') ? { email: wanted } : { name: wanted };
}
