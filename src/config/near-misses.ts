/** Finds variables of the environment that are probably misspelt settings. */

export interface NearMiss {
  variable: string;
  setting: string;
}

const maxNameLength = 64;
/** Long names tolerate two mistakes, short ones only one: HOST and POST are different words. */
const toleranceOf = (name: string) => (name.length >= 8 ? 2 : name.length >= 6 ? 1 : 0);

/**
 * @param variables names that are set
 * @param settings names that Postern reads
 */
export function nearMisses(variables: readonly string[], settings: readonly string[]): NearMiss[] {
  const known = new Set(settings);
  return variables
    .filter((variable) => !known.has(variable) && variable.length <= maxNameLength)
    .flatMap((variable) => {
      const setting = settings.find((name) => isNear(variable.toUpperCase().replace(/^POSTERN_/, ''), name));
      return setting === undefined ? [] : [{ variable, setting }];
    });
}

function isNear(variable: string, setting: string): boolean {
  const bare = (name: string) => name.replace(/[^A-Z0-9]/g, '');
  if (bare(variable) === bare(setting)) return true;
  const tolerance = toleranceOf(setting);
  return Math.abs(variable.length - setting.length) <= tolerance && distance(variable, setting) <= tolerance;
}

/** Insertions, deletions, substitutions and swaps of adjacent letters (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, substitution, swap));
    }
  }
  return at(a.length, b.length);
}
