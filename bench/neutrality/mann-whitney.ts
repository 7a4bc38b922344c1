/** The Mann-Whitney U test. */

/** Whether two samples come from one distribution: by ranks only, so outliers and skew do not matter. Two-sided. */
export function mannWhitney(a: readonly number[], b: readonly number[]): { z: number; p: number } {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))];
  all.sort((one, other) => one.value - other.value);
  let [rankSum, ties, index] = [0, 0, 0];
  while (index < all.length) {
    let end = index;
    while (end + 1 < all.length && all[end + 1]?.value === all[index]?.value) end += 1;
    const size = end - index + 1;
    ties += size ** 3 - size;
    rankSum += all.slice(index, end + 1).filter(({ first }) => first).length * ((index + end) / 2 + 1);
    index = end + 1;
  }
  const n = all.length;
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  const z = (u - (a.length * b.length) / 2) / Math.sqrt(variance);
  return { z, p: 2 * normalTail(Math.abs(z)) };
}

/** P(Z > z), Abramowitz and Stegun 26.2.17: accurate to 7 digits. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}
