/**
 * Detects passwords that attackers try first: about 49,000 leaked ones (@zxcvbn-ts/language-common), also with decoration.
 * Decoration is what users add so that a form accepts a word (ASVS 6.2.4): capitals, substitutions such as `@` for `a`, and
 * digits, years and punctuation around it.
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

/** The digits on the keys of shifted symbols, as in `1qaz@WSX`. */
const unshifted: Readonly<Record<string, string>> = Object.fromEntries(
  [...'!@#$%^&*()'].map((mark, index) => [mark, String((index + 1) % 10)]),
);

/** Sequences on keyboards and in alphabets. Any part of one counts as a listed word, also backwards. */
const walks = [
  '0123456789012345678901234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((walk) => [walk, [...walk].reverse().join('')]);

const longestWalk = Math.max(...walks.map(({ length }) => length));
/** One search in one text is faster than one in each walk. */
const joinedWalks = walks.join(' ');

/** Well-known passwords that are too long for the list. */
const phrases = ['thequickbrownfox', 'thisismypassword', 'thisisapassword'];

/** Shorter listed passwords occur in strong passwords by chance. */
const minWordLength = 4;
/** Letters beside a shorter listed password are not decoration: together they may be another word. */
const minWordLengthBesideLetters = 8;
/** So many characters beside a listed password leave an attacker too little to guess. */
const maxDecoration = 4;

const common = new Set<string>(phrases);
for (const password of dictionary['passwords-common']) common.add(password).add(undoSubstitutions(password));

/** @param password of a length that the caller has bounded */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  if (common.has(folded)) return true;
  const bare = folded.replace(/[^\p{L}\p{N}]/gu, '');
  return spellingsOf(folded).some(isMostlyCommon) || spellingsOf(bare).some(isCommonWord);
}

/** Both sides are folded the same way, so `1` may stand for `i` or `l` alike. */
export function undoSubstitutions(text: string): string {
  return text.replace(/[^a-z]/g, (character) => substitutions[character] ?? character).replaceAll('l', 'i');
}

/** The candidates for the listed password under the decoration. */
function spellingsOf(folded: string): string[] {
  const digits = folded.replace(/[^a-z0-9]/g, (character) => unshifted[character] ?? character);
  return [folded, undatedOf(folded), digits].flatMap((text) => [text, undoSubstitutions(text)]);
}

/** Dates at either end, and longer repetitions of one character, count as one character, because they are easy to guess. */
function undatedOf(text: string): string {
  return text
    .replace(/(\D|^)(?:\d{0,4}(?:19|20)\d\d\d{0,4})(?=\D*$)/, '$1#')
    .replace(/^(\W*)(?:\d{0,4}(?:19|20)\d\d)(?=\D)/, '$1#')
    .replace(/(.)\1{2,}/gu, '$1');
}

function isMostlyCommon(text: string): boolean {
  for (let decoration = 0; decoration <= maxDecoration; decoration += 1) {
    const length = text.length - decoration;
    for (let start = 0; start <= decoration; start += 1) {
      const word = text.slice(start, start + length);
      const rest = text.slice(0, start) + text.slice(start + length);
      const isDecoration = !/\p{L}/u.test(rest);
      if ((isDecoration || length >= minWordLengthBesideLetters) && isCommonWord(word)) return true;
      if (isDecoration && isRepetition(word)) return true;
    }
  }
  return false;
}

function isCommonWord(text: string): boolean {
  return text.length >= minWordLength && (isKnown(text) || isKnown(repeatedPartOf(text) ?? '') || joinsWalk(text));
}

function isKnown(text: string): boolean {
  return common.has(text) || isWalk(text);
}

function isWalk(text: string): boolean {
  return text !== '' && text.length <= longestWalk && !text.includes(' ') && joinedWalks.includes(text);
}

/** Repetitions of up to four characters. */
function isRepetition(text: string): boolean {
  const part = repeatedPartOf(text);
  return part !== null && part.length <= minWordLength && text.length > minWordLength;
}

function repeatedPartOf(text: string): string | null {
  return /^(\S.*?)\1+$/su.exec(text)?.[1] ?? null;
}

/** A word or a keyboard sequence, with a keyboard sequence before or after it. */
function joinsWalk(text: string): boolean {
  for (let cut = minWordLength; cut <= text.length - minWordLength; cut += 1) {
    const [head, tail] = [text.slice(0, cut), text.slice(cut)];
    if ((isWalk(tail) && isKnown(head)) || (isWalk(head) && isKnown(tail))) return true;
  }
  return false;
}
