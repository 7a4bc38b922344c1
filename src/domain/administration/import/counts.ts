/** Counts the rows of an import by their outcome. */
import type { ImportCounts } from '../../audit/actions.ts';
import type { RowResult } from './row.ts';

export const noRows: ImportCounts = { rows: 0, created: 0, linked: 0, skipped: 0, failed: 0 };

const names = { CREATED: 'created', LINKED: 'linked', SKIPPED: 'skipped', FAILED: 'failed' } as const;

/** @param before counts of earlier batches */
export function countResults(results: readonly Pick<RowResult, 'outcome'>[], before = noRows): ImportCounts {
  const counts = { ...before, rows: before.rows + results.length };
  for (const { outcome } of results) counts[names[outcome]] += 1;
  return counts;
}
