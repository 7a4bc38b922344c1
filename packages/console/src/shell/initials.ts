/** The letters of an avatar: decoration beside the name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s@]+/u);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word = '') => firstLetter(word)).join('');
}

/** Letters of several code units stay whole. */
function firstLetter(word: string): string {
  const [letter = ''] = word.match(/[\p{L}\p{N}]/u) ?? [];
  return letter.toLocaleUpperCase();
}
