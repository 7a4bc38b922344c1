/** The table of the bench, and the comparison of its ratios with the committed ones. */

export interface Row {
  name: string;
  /** CPU milliseconds per request. */
  gateway: number;
  postgres: number;
  /** The median, in milliseconds. */
  latency: number;
}

/** By name of the operation: its CPU in multiples of the reference of the same run. */
export type Ratios = Record<string, number>;

/** The reference of an operation. */
const references: Record<string, string> = {
  viewer: 'constant answer',
  'GET /auth/verify': 'constant answer',
  refresh: 'constant answer',
  login: 'raw Argon2id',
  register: 'raw Argon2id',
};
const tolerance = 1.15;
/** The titles of the columns. */
const widths = [24, 12, 12, 10, 12, 26];

export function ratiosOf(rows: readonly Row[]): Ratios {
  const totalOf = (name: string | undefined) => {
    const row = rows.find((other) => other.name === name);
    return row && row.gateway + row.postgres;
  };
  const entries = Object.entries(references).flatMap(([name, reference]) => {
    const [own, other] = [totalOf(name), totalOf(reference)];
    return own && other ? [[name, Number((own / other).toFixed(2))] as const] : [];
  });
  return Object.fromEntries(entries);
}

export function print(rows: readonly Row[]): void {
  const ratios = ratiosOf(rows);
  line(['CPU ms per request', 'process', 'PostgreSQL', 'total', 'latency ms', 'ratio']);
  for (const { name, gateway, postgres, latency } of rows) {
    const ratio = ratios[name];
    const compared = ratio === undefined ? '' : `${ratio.toFixed(2)} x ${references[name]}`;
    const figures = [gateway, postgres, gateway + postgres].map((figure) => figure.toFixed(3));
    line([name, ...figures, latency.toFixed(2), compared]);
  }
}

/** @returns whether no ratio is worse than the committed one by more than the tolerance */
export function compare(ratios: Ratios, committed: Ratios): boolean {
  const worse = Object.entries(committed).filter(([name, ratio]) => (ratios[name] ?? Infinity) > ratio * tolerance);
  for (const [name, ratio] of worse) {
    const now = ratios[name]?.toFixed(2) ?? 'not measured';
    process.stdout.write(
      `${name}: the ratio is ${now}, and ${ratio.toFixed(2)} in baseline.json: more than 15 % worse\n`,
    );
  }
  return worse.length === 0;
}

function line(cells: readonly string[]): void {
  process.stdout.write(
    `${cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('')
      .trimEnd()}\n`,
  );
}
