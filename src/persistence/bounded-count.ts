/** Counts whose cost does not grow with the table: a bound stands for itself and for everything above it. */

/** Queues, which are short: 10,001 stands for "more than 10,000". */
export const maxCount = 10_001;
/** Lists and tables, which may be long: 1,001 stands for "more than 1,000". */
export const maxListCount = 1001;

/** @param rows of a `from` clause, with its conditions */
export function boundedCount(rows: string, max = maxCount): string {
  return `(select count(*)::int from (select from ${rows} limit ${max}) counted)`;
}
