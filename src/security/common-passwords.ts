/**
 * Is a password one that attackers try first? Compares with some 49,000 leaked ones (@zxcvbn-ts/language-common),
 * case-folded and with the usual substitutions undone, so that `P@ssw0rd` is `password`.
 */
import { dictionary } from '@zxcvbn-ts/language-common';

const substitutions: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '8': 'b',
  '(': 'c',
  '3': 'e',
  '6': 'g',
  '9': 'g',
  '1': 'i',
  '!': 'i',
  '|': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
  '+': 't',
  '2': 'z',
};

const common = new Set<string>();
for (const password of dictionary['passwords-common']) common.add(password).add(undoSubstitutions(password));

export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  return common.has(folded) || common.has(undoSubstitutions(folded));
}

/** Both sides are folded the same way, so `1` may stand for `i` or `l` alike. */
export function undoSubstitutions(text: string): string {
  return text.replace(/[^a-z]/g, (character) => substitutions[character] ?? character).replaceAll('l', 'i');
}
